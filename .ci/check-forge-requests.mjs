// Reads recorded requests, one JSON object a line, and says which of them GitHub's descriptions do not allow.

import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { buildSchema, parse, validate, coerceInputValue, typeFromAST } from 'graphql';

const openapi = JSON.parse(readFileSync(new URL('node_modules/@octokit/openapi/generated/api.github.com.deref.json', import.meta.url), 'utf8'));
// The published schema defines a few fields twice, which does not matter here.
const graphql = buildSchema(readFileSync(new URL('node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url), 'utf8'), { assumeValid: true, assumeValidSDL: true });

const ajv = new Ajv({ strict: false, allErrors: true });
const compiled = new Map();

// A template such as `/repos/{owner}/{repo}/git/ref/{ref}`: only references and comparisons may contain slashes.
const pattern = (template) =>
  new RegExp(`^${template.replace(/[.+]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name) => (['ref', 'basehead', 'path'].includes(name) ? '(.+)' : '([^/]+)'))}$`);
const templates = Object.keys(openapi.paths)
  .map((template) => ({ template, regex: pattern(template), literal: template.replace(/\{\w+\}/g, '').length }))
  .sort((a, b) => b.literal - a.literal);

// OpenAPI 3.0 says `nullable` where JSON Schema says a type.
function jsonSchema(schema) {
  if (Array.isArray(schema)) return schema.map(jsonSchema);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, format, ...rest } = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, jsonSchema(value)]));
  if (nullable && typeof rest.type === 'string') rest.type = [rest.type, 'null'];
  return rest;
}

function rest({ method, path, query, body }) {
  const found = templates.find(({ template, regex }) => regex.test(path) && openapi.paths[template][method.toLowerCase()]);
  if (!found) return ['no such operation'];
  const operation = openapi.paths[found.template][method.toLowerCase()];
  const complaints = [];
  const known = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  for (const [name, value] of Object.entries(query)) {
    const parameter = known.find((parameter) => parameter.name === name);
    if (!parameter) complaints.push(`unknown query parameter ${name}`);
    else if (parameter.schema?.enum && !parameter.schema.enum.includes(value)) complaints.push(`${name}=${value} is none of ${parameter.schema.enum}`);
  }
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (body !== null && !schema) complaints.push('a body where none is described');
  if (body === null && operation.requestBody?.required) complaints.push('the body is missing');
  if (body !== null && schema) {
    const key = `${method} ${found.template}`;
    if (!compiled.has(key)) compiled.set(key, ajv.compile(jsonSchema(schema)));
    const check = compiled.get(key);
    if (!check(body)) complaints.push(...check.errors.map((error) => `${error.instancePath} ${error.message}`));
    const fields = new Set([schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((part) => Object.keys(part.properties ?? {})));
    for (const name of Object.keys(body)) if (!fields.has(name)) complaints.push(`unknown field ${name}`);
  }
  return complaints;
}

function mutation({ body }) {
  const document = parse(body.query);
  const complaints = validate(graphql, document).map((error) => error.message);
  for (const definition of document.definitions[0].variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    coerceInputValue(body.variables[name], typeFromAST(graphql, definition.type), (path, _, error) => complaints.push(`${name}.${path.join('.')}: ${error.message}`));
  }
  return complaints;
}

const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean);
const seen = new Map();
let wrong = 0;
for (const line of lines) {
  const request = JSON.parse(line);
  const complaints = request.path.endsWith('/graphql') ? mutation(request) : rest(request);
  const name = `${request.method} ${request.path.replace(/[0-9a-f]{40}/g, '{sha}').replace(/\/\d+(?=\/|$)/g, '/{number}')}`;
  seen.set(name, (seen.get(name) ?? 0) + 1);
  if (complaints.length) {
    wrong += 1;
    console.error(`${request.method} ${request.path}: ${complaints.join('; ')}`);
  }
}
console.log(`${lines.length} requests of ${seen.size} kinds, ${wrong} wrong`);
process.exit(wrong || lines.length < 100 ? 1 : 0);
