package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// writeCases derives values files from the schema: NAME.json switches one value, null-NAME.json removes a list or a map,
// bad-NAME.json makes a mistake, and switched.json switches all booleans.
func writeCases(chart, folder string) error {
	text, err := os.ReadFile(filepath.Join(chart, "values.schema.json"))
	if err != nil {
		return err
	}
	schema := table{}
	if err := json.Unmarshal(text, &schema); err != nil {
		return err
	}
	switched := table{}
	err = walk(schema, "", func(path string, property table, isSection bool) error {
		if isSection && path == "" {
			return writeFile(folder, "bad-(root)-1", table{"unknown": 1})
		}
		removed := "bad-" + path + "-null"
		if !isSection && (property["type"] == "array" || property["type"] == "object") {
			removed = "null-" + path
		}
		if err := write(folder, removed, path, nil); err != nil {
			return err
		}
		if isSection {
			return write(folder, "bad-"+path+"-1", path, table{"unknown": 1})
		}
		if property["type"] == "boolean" {
			merge(switched, nested(path, property["default"] != true))
		}
		good, bad := switches(property)
		if len(good) == 0 {
			return fmt.Errorf("values.schema.json: %s has no examples, so no check can switch it", path)
		}
		for i, value := range good {
			if err := write(folder, fmt.Sprintf("%s-%d", path, i+1), path, value); err != nil {
				return err
			}
		}
		for i, value := range bad {
			if err := write(folder, fmt.Sprintf("bad-%s-%d", path, i+1), path, value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeFile(folder, "switched", switched)
}

// walk visits all values and sections. A property with examples or without properties is a value.
func walk(property table, path string, visit func(string, table, bool) error) error {
	properties, isSection := property["properties"].(table)
	_, hasExamples := property["examples"]
	isSection = isSection && !hasExamples
	if err := visit(path, property, isSection); err != nil || !isSection {
		return err
	}
	names := []string{}
	for name := range properties {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := walk(properties[name].(table), join(path, name), visit); err != nil {
			return err
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// switches are other values than the default, and wrong ones.
func switches(property table) (good, bad []interface{}) {
	good, _ = property["examples"].([]interface{})
	if names, isEnum := property["enum"].([]interface{}); isEnum {
		for _, name := range names {
			if name != property["default"] {
				good = append(good, name)
			}
		}
		bad = append(bad, "none-of-them")
	}
	switch property["type"] {
	case "boolean":
		good = append(good, property["default"] != true)
		bad = append(bad, "yes")
	case "integer":
		bad = append(bad, property["minimum"].(float64)-1, property["maximum"].(float64)+1, "1")
	case "string":
		bad = append(bad, 1.5)
		if _, hasPattern := property["pattern"]; hasPattern {
			bad = append(bad, "no spaces, please\n")
		}
	default:
		bad = append(bad, "text")
	}
	return good, bad
}

func write(folder, name, path string, value interface{}) error {
	return writeFile(folder, name, nested(path, value))
}

// nested is a table with one value. Dots separate the names of the sections.
func nested(path string, value interface{}) table {
	keys := strings.Split(path, ".")
	for i := len(keys) - 1; i > 0; i-- {
		value = table{keys[i]: value}
	}
	return table{keys[0]: value}
}

func writeFile(folder, name string, values table) error {
	text, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, name+".json"), text, 0o644)
}
