// Checks the fields of a Service that its type excludes: an API server refuses them, and no schema does.
const typesOf = {
  allocateLoadBalancerNodePorts: ['LoadBalancer'],
  externalTrafficPolicy: ['LoadBalancer', 'NodePort'],
  loadBalancerClass: ['LoadBalancer'],
  loadBalancerSourceRanges: ['LoadBalancer'],
}

// serviceErrors: [object, path, message] for each mistake.
export const serviceErrors = object => {
  if (object.kind !== 'Service' || object.apiVersion !== 'v1') return []
  const {type = 'ClusterIP', ...fields} = object.spec ?? {}
  return Object.keys(fields)
    .filter(field => typesOf[field] && !typesOf[field].includes(type))
    .map(field => [object, `spec.${field}`, `the type ${type} excludes it`])
}
