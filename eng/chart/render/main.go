// Renders the chart as Helm does, with Helm's template engine and functions: Helm itself is in no package registry.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

type list []string

func (l *list) String() string         { return strings.Join(*l, ",") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

func main() {
	var values, sets, setsJSON list
	namespace := flag.String("namespace", "esddns-system", "the namespace of the release")
	show := flag.String("show", "objects", "what to print: objects, hooks or notes")
	toJSON := flag.Bool("json", false, "only prints the YAML of the standard input as JSON, an object a line")
	cases := flag.String("cases", "", "writes values files that switch each value of the schema to this folder")
	flag.Var(&values, "f", "a file with values")
	flag.Var(&sets, "set", "path=value")
	flag.Var(&setsJSON, "set-json", "path=value, in JSON")
	flag.Parse()
	action := func() error { return run(flag.Arg(0), *namespace, *show, *cases, values, sets, setsJSON) }
	if *toJSON {
		action = func() error { return writeJSON(os.Stdin) }
	}
	if err := action(); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(chart, namespace, show, cases string, files, sets, setsJSON []string) error {
	if cases != "" {
		return writeCases(chart, cases)
	}
	values, err := load(chart, files, sets, setsJSON)
	if err != nil {
		return err
	}
	outputs, err := render(chart, namespace, values)
	if err != nil {
		return err
	}
	objects, hooks, err := documents(outputs)
	if err != nil {
		return err
	}
	switch show {
	case "hooks":
		objects = hooks
	case "notes":
		objects = []string{outputs["templates/NOTES.txt"]}
	}
	fmt.Print(strings.Join(objects, ""))
	return nil
}
