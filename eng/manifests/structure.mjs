// Checks that the schema of a CRD is structural, as an API server requires of apiextensions.k8s.io/v1.
const forbidden = [
  '$ref', 'definitions', 'dependencies', 'deprecated', 'id', 'patternProperties', 'readOnly', 'uniqueItems',
]

const schemaErrors = (schema, path) => [
  ...forbidden.filter(key => key in schema).map(key => [path, `a structural schema has no ${key}`]),
  ...schema.type || schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']
    ? [] : [[path, 'a structural schema has a type']],
  ...schema.properties && schema.additionalProperties ? [[path, 'properties exclude additionalProperties']] : [],
  ...(schema.required ?? []).filter(name => schema.properties && !schema.properties[name])
    .map(name => [path, `the required field ${name} is not declared`]),
  ...schema.type === 'array' && !schema.items ? [[path, 'an array has items']] : [],
  ...schema.enum && 'default' in schema && !schema.enum.includes(schema.default)
    ? [[path, 'the enum excludes the default']] : [],
  ...Object.entries(schema.properties ?? {})
    .flatMap(([name, part]) => schemaErrors(part, `${path}.properties.${name}`)),
  ...schema.items ? schemaErrors(schema.items, `${path}.items`) : [],
  ...schema.additionalProperties?.constructor === Object
    ? schemaErrors(schema.additionalProperties, `${path}.additionalProperties`) : [],
]

// structureErrors: [object, path, message] for each mistake.
export const structureErrors = object => object.kind !== 'CustomResourceDefinition' ? []
  : object.spec.versions.flatMap(({schema}, index) =>
    schemaErrors(schema.openAPIV3Schema, `spec.versions[${index}].schema.openAPIV3Schema`)
      .map(([path, message]) => [object, path, message]))
