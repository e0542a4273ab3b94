// Evaluates the CEL rules of a schema on objects, as an API server does, with an independent implementation of CEL.
// stdin: {"schema": …, "objects": […]}; stdout: for each object, the messages of the rules that reject it.
import {parse} from '@marcbachmann/cel-js'

const rulesOf = schema => schema['x-kubernetes-validations'] ?? []

// The server sets defaults before it evaluates the rules.
const given = (schema, value) => Object.entries(schema.properties ?? {})
  .filter(([name, property]) => 'default' in property && !(name in value))
  .reduce((all, [name, property]) => ({...all, [name]: property.default}), value)

const parts = (schema, value) =>
  Array.isArray(value) ? value.map(item => [schema.items, item])
    : value && typeof value === 'object' ? Object.entries(value)
      .map(([name, part]) => [schema.properties?.[name] ?? schema.additionalProperties, part]).filter(([part]) => part)
      : []

const refusals = (schema, value) => {
  const self = value && typeof value === 'object' && !Array.isArray(value) ? given(schema, value) : value
  return [
    ...rulesOf(schema).filter(({rule}) => parse(rule)({self}) !== true).map(({message}) => message),
    ...parts(schema, self).flatMap(([part, inner]) => refusals(part, inner)),
  ]
}

let input = ''
for await (const chunk of process.stdin) input += chunk
const {schema, objects} = JSON.parse(input)
console.log(JSON.stringify(objects.map(object => refusals(schema, object))))
