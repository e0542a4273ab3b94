// Validates Kubernetes objects; eng/manifests/validate describes how.
import {readFileSync} from 'node:fs'
import {parseAllDocuments} from 'yaml'
import {serviceErrors} from './service.mjs'
import {structureErrors} from './structure.mjs'
import {moduleOf, typeErrors} from './types.mjs'

// A file that cannot be read is a mistake of the call, not of its objects.
const textOf = file => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    console.error(`Cannot read ${file}: ${error.message}`)
    process.exit(2)
  }
}

const read = file => parseAllDocuments(textOf(file)).flatMap(document => {
  if (document.errors.length) {
    console.log(`${file === '-' ? 'standard input' : file}: ${document.errors[0].message}`)
    process.exit(1)
  }
  return document.toJS() ?? []
})

// Patterns, enums and ranges, which types do not express.
const valueErrors = async object => {
  const {[object.kind]: Model} = await import(moduleOf(object))
  try {
    new Model(object).validate()
    return []
  } catch (error) {
    return (error.errors ?? [error])
      .map(({path = '', message}) => [object, path.slice(1).replaceAll('/', '.'), message])
  }
}

// The packages also contain beta versions, which newer releases of Kubernetes do not serve.
const isKnown = async object =>
  /(^|\/)v[0-9]+$/.test(object.apiVersion) && import(moduleOf(object)).then(() => true, () => false)

const validate = async objects => {
  const known = await Promise.all(objects.map(isKnown))
  const unknown = objects.filter((_, index) => !known[index])
  const others = objects.filter((_, index) => known[index])
  const types = typeErrors(others)
  const wrong = new Set(types.map(([object]) => object))
  return [
    ...unknown.map(object => [object, '', `there is no stable ${object.apiVersion} ${object.kind}`]),
    ...types,
    // The generated validators report a wrong type again.
    ...(await Promise.all(others.filter(object => !wrong.has(object)).map(valueErrors))).flat(),
    ...others.filter(object => !wrong.has(object))
      .flatMap(object => [...structureErrors(object), ...serviceErrors(object)]),
  ]
}

const files = process.argv.slice(2)
const all = (files.length ? files : ['-']).flatMap(read)
const objects = [...new Map(all.map(object => [JSON.stringify(object), object])).values()]
const errors = await validate(objects)
for (const [{kind, metadata}, path, message] of errors)
  console.log(`${kind} ${metadata?.name}: ${path && `${path}: `}${message}`)
if (!objects.length) console.log('There are no objects.')
else if (!errors.length) console.log(`${objects.length} objects are valid.`)
process.exit(errors.length || !objects.length ? 1 : 0)
