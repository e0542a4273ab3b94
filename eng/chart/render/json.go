package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

// writeJSON prints the objects of a YAML stream as JSON, one a line, with sorted keys.
func writeJSON(stream io.Reader) error {
	text, err := io.ReadAll(stream)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, document := range strings.Split("\n"+string(text), "\n---") {
		object := table{}
		if err := yaml.Unmarshal([]byte(document+"\n"), &object); err != nil {
			return err
		}
		if len(object) > 0 {
			if err := out.Encode(object); err != nil {
				return err
			}
		}
	}
	return nil
}
