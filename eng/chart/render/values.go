package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

type table = map[string]interface{}

// load reads the chart's default values, merges the given files and arguments as Helm does (null removes), and
// checks them with the chart's schema.
func load(chart string, files, sets, setsJSON []string) (table, error) {
	values, err := readTable(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		more, err := readTable(file)
		if err != nil {
			return nil, err
		}
		merge(values, more)
	}
	for _, set := range sets {
		path, text, found := strings.Cut(set, "=")
		if !found {
			return nil, fmt.Errorf("--set %s: use path=value", set)
		}
		merge(values, nested(path, scalar(text)))
	}
	for _, set := range setsJSON {
		path, text, _ := strings.Cut(set, "=")
		var value interface{}
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			return nil, fmt.Errorf("--set-json %s: %v", set, err)
		}
		merge(values, nested(path, value))
	}
	return values, validate(filepath.Join(chart, "values.schema.json"), values)
}

func readTable(file string) (table, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	values := table{}
	return values, yaml.Unmarshal(text, &values)
}

func merge(under, over table) {
	for key, value := range over {
		nested, isTable := value.(table)
		existing, wasTable := under[key].(table)
		if value == nil {
			delete(under, key)
		} else if isTable && wasTable {
			merge(existing, nested)
		} else {
			under[key] = value
		}
	}
}

// scalar is the value of a --set argument.
func scalar(text string) interface{} {
	if number, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number
	}
	switch text {
	case "true", "false":
		return text == "true"
	case "null":
		return nil
	}
	return text
}

// validate uses the library that Helm used for years, and reports all mistakes in one error.
func validate(file string, values table) error {
	schema, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(schema), gojsonschema.NewGoLoader(values))
	if err != nil {
		return err
	}
	mistakes := []string{}
	for _, mistake := range result.Errors() {
		mistakes = append(mistakes, mistake.String())
	}
	if len(mistakes) > 0 {
		return fmt.Errorf("values: %s", strings.Join(mistakes, "; "))
	}
	return nil
}
