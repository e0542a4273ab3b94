package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

// mistake is what a template reports about values. Helm prints it without the templates that lead to it.
type mistake string

func (m mistake) Error() string { return string(m) }

// files is .Files of a template.
type files map[string]string

func (f files) Get(name string) string { return f[name] }

// render executes all templates, with the functions and objects of Helm, and returns the outputs by file.
func render(folder, namespace string, values table) (map[string]string, error) {
	chart, err := readTable(filepath.Join(folder, "Chart.yaml"))
	if err != nil {
		return nil, err
	}
	// Templates use the names of Go's fields.
	metadata := table{}
	for key, value := range chart {
		metadata[strings.ToUpper(key[:1])+key[1:]] = value
	}
	sources, others := map[string]string{}, files{}
	err = filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		if strings.HasPrefix(name, "templates/") {
			sources[name] = string(text)
		} else {
			others[name] = string(text)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	data := table{
		"Values": values,
		"Chart":  metadata,
		"Files":  others,
		"Release": table{"Name": "esddns", "Namespace": namespace, "Service": "Helm", "Revision": 1, "IsInstall": true,
			"IsUpgrade": false},
		"Capabilities": table{"KubeVersion": table{"Version": "v1.34.0", "Major": "1", "Minor": "34"}},
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	for name, text := range sources {
		if _, err := root.New(name).Parse(text); err != nil {
			return nil, err
		}
	}
	outputs := map[string]string{}
	for name := range sources {
		if strings.HasPrefix(filepath.Base(name), "_") {
			continue
		}
		data["Template"] = table{"Name": "esddns/" + name, "BasePath": "esddns/templates"}
		var out bytes.Buffer
		if err := root.ExecuteTemplate(&out, name, data); err != nil {
			var found mistake
			if errors.As(err, &found) {
				err = fmt.Errorf("execution error at (%s): %w", name, found)
			}
			return nil, err
		}
		outputs[name] = strings.ReplaceAll(out.String(), "<no value>", "")
	}
	return outputs, nil
}

// functions are those of sprig without access to the environment, and those that Helm adds.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	all["fromYaml"] = func(text string) table {
		value := table{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	all["toJson"] = func(value interface{}) string {
		text, _ := json.Marshal(value)
		return string(text)
	}
	all["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		part, err := template.Must(root.Clone()).New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		err = part.Execute(&out, data)
		return out.String(), err
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, mistake(message)
		}
		return value, nil
	}
	all["fail"] = func(message string) (string, error) { return "", mistake(message) }
	all["lookup"] = func(version, kind, namespace, name string) table { return table{} }
	return all
}

// documents are the objects in the outputs, in the order of the files; hooks are those that Helm runs at another time.
func documents(outputs map[string]string) (objects, hooks []string, err error) {
	names := []string{}
	for name := range outputs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for _, text := range strings.Split("\n"+outputs[name], "\n---") {
			object := table{}
			if err := yaml.UnmarshalStrict([]byte(text), &object); err != nil {
				return nil, nil, fmt.Errorf("%s: %v", name, err)
			}
			if len(object) == 0 {
				continue
			}
			metadata, _ := object["metadata"].(table)
			annotations, _ := metadata["annotations"].(table)
			text = "---\n# Source: esddns/" + name + "\n" + strings.TrimSpace(text) + "\n"
			if _, isHook := annotations["helm.sh/hook"]; isHook {
				hooks = append(hooks, text)
			} else {
				objects = append(objects, text)
			}
		}
	}
	return objects, hooks, nil
}
