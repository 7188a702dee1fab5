import type { Site } from '@throughline/publish';
import { z } from 'zod';
import type { Operation } from './operation.ts';
import { Problem } from './schemas.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of the operations, made of the very schemas that they work with. */
export function openApiOf(operations: readonly Operation[], site: Site, version: string): Json {
  const components: Json = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => hoisted(schema, io, components);
  const paths: Record<string, Json> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation, schemaOf);
  return {
    openapi: '3.1.0',
    info: {
      title: `${site.name} API`,
      version,
      summary: 'The world’s news log as a connected, queryable record.',
      license: {
        name: 'CC BY-SA 4.0 for the portal’s text; every answer says whose it is',
        identifier: 'CC-BY-SA-4.0',
      },
    },
    servers: [{ url: site.origin }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        operator: { type: 'http', scheme: 'bearer', description: 'THROUGHLINE_OPERATOR_TOKEN' },
      },
    },
  };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

function describe(
  { id, path, summary, parameters, body, answer, status = 200, operator }: Operation,
  schemaOf: SchemaOf,
): Json {
  const problem = {
    description: 'A problem (RFC 9457).',
    content: { 'application/problem+json': { schema: schemaOf(Problem, 'output') } },
  };
  return {
    operationId: id,
    summary,
    parameters: parametersOf(path, parameters, schemaOf),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    ...(operator && { security: [{ operator: [] }] }),
    responses: {
      [status]: { description: 'As asked.', content: { 'application/json': { schema: schemaOf(answer, 'output') } } },
      '4XX': problem,
      '5XX': problem,
    },
  };
}

function parametersOf(path: string, parameters: z.ZodObject, schemaOf: SchemaOf): Json[] {
  const { properties = {}, required = [] } = schemaOf(parameters, 'input') as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as Json;
    const inPath = path.includes(`{${name}}`);
    return {
      name,
      in: inPath ? 'path' : 'query',
      required: inPath || required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

/** A schema as JSON Schema 2020-12; what has a name of its own in it is moved to the components. */
function hoisted(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const written = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const {
    $schema: _dialect,
    $defs = {},
    ...rest
  } = JSON.parse(written.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Json };
  Object.assign(
    components,
    Object.fromEntries(Object.entries($defs).map(([name, one]) => [name, withoutId(one as Json)])),
  );
  return withoutId(rest);
}

const withoutId = ({ id: _id, ...schema }: Json): Json => schema;
