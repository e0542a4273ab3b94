// Finds unknown fields, missing ones and values of a wrong type with the compiler of TypeScript.
import {fileURLToPath} from 'node:url'
import ts from 'typescript'

const packages = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api/gateway.networking.k8s.io',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com',
}

export const moduleOf = ({apiVersion, kind}) => {
  const [version, group] = apiVersion.split('/').reverse()
  const folder = packages[group] ?? ['kubernetes-models', group].filter(part => part).join('/')
  return `${folder}/${version}/${kind}`
}

// The schemas of a CRD, with types for the fields that are "any" in the types of the package.
const schemasOf = ({spec}) => `
import type {IJSONSchemaProps} from 'kubernetes-models/apiextensions.k8s.io/v1/JSONSchemaProps'
type Schema = Omit<IJSONSchemaProps, 'properties' | 'items' | 'additionalProperties'> &
    {properties?: {[name: string]: Schema}, items?: Schema, additionalProperties?: Schema | boolean}
export const schemas: Schema[] = ${JSON.stringify(spec.versions.map(version => version.schema.openAPIV3Schema))}`

// The compiler finds unknown fields in literals only.
const sourceOf = object => `import type {I${object.kind} as Type} from '${moduleOf(object)}'
export const object: Type = ${JSON.stringify(object)}
${object.kind === 'CustomResourceDefinition' ? schemasOf(object) : ''}`

// The field at a position of a source, like spec.containers[0].image.
const pathAt = (source, position) => {
  let path = ''
  const visit = node => {
    if (position < node.pos || position >= node.end) return
    if (ts.isPropertyAssignment(node)) path += `.${node.name.text}`
    if (node.parent && ts.isArrayLiteralExpression(node.parent)) path += `[${node.parent.elements.indexOf(node)}]`
    ts.forEachChild(node, visit)
  }
  visit(source)
  return path.replace(/^\./, '')
}

// typeErrors: [object, path, message] for each mistake.
export const typeErrors = objects => {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const sources = new Map(objects.map((object, index) => [`${folder}${index}.ts`, object]))
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options, true)
  const {fileExists, readFile, getSourceFile} = host
  const text = file => sources.has(file) ? sourceOf(sources.get(file)) : undefined
  host.fileExists = file => sources.has(file) || fileExists(file)
  host.readFile = file => text(file) ?? readFile(file)
  host.getSourceFile = (file, ...rest) =>
    sources.has(file) ? ts.createSourceFile(file, text(file), options.target, true) : getSourceFile(file, ...rest)
  const program = ts.createProgram([...sources.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({file, start, messageText}) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    if (!sources.has(file?.fileName)) throw new Error(`the compiler failed: ${message}`)
    return [sources.get(file.fileName), pathAt(file, start), message]
  })
}
