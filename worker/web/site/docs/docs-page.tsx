/**
 * The API reference, rendered from the OpenAPI document. It has no script and
 * loads nothing.
 */
import type { ComponentChildren } from "preact";
import ownStyle from "../../../../dist/docs-style.css";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { PUBLIC_URL_PLACEHOLDER } from "../../../editing/contract/placeholder.ts";
import { apiChanges, stability } from "../../../editing/contract/stability.ts";
import { apiDocument } from "../../workshop/built-files.ts";
import {
  pagePolicyWith,
  renderDocument,
  type Site,
  styleWith,
} from "../document/document.tsx";

/** The parts of JSON Schema that the document uses. */
interface Schema
  extends Partial<Record<"$ref" | "description" | "format", string>> {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  allOf?: Schema[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

type Content = Record<string, { schema?: Schema }>;

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Schema;
  }[];
  requestBody?: { description?: string; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

interface OpenApi {
  info: { title: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Deeper schemas are shortened to their type. */
const MAX_DEPTH = 6;

/** "integer, from 1, to 100", "one of active, closed", "array of Line" */
function typeOf(schema: Schema): ComponentChildren {
  const {
    $ref,
    type = "any value",
    items,
    enum: values,
    const: value,
    anyOf,
    allOf,
  } = schema;
  const name = $ref?.split("/").at(-1);
  if (name) return <a href={`#schema-${name}`}>{name}</a>;
  if (values)
    return `one of ${values.map((each) => JSON.stringify(each)).join(", ")}`;
  if (value !== undefined) return JSON.stringify(value);
  if (items) return <>array of {typeOf(items)}</>;
  const parts = anyOf ?? allOf;
  if (parts)
    return parts.map((part, index) => [
      index > 0 && (allOf ? " and " : " or "),
      typeOf(part),
    ]);
  const { format, minimum, maximum, maxLength } = schema;
  const limits = [
    format,
    minimum !== undefined && `from ${minimum}`,
    maximum !== undefined && `to ${maximum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
  ];
  return [
    [type].flat().join(" or "),
    ...limits.filter((limit) => typeof limit === "string"),
  ].join(", ");
}

interface FieldProps {
  name: string;
  schema: Schema;
  /** Where a parameter stands. */
  where?: string;
  required?: boolean | undefined;
  depth?: number;
}

/** A field, a parameter or a body, with the fields inside it. */
const Field = ({
  name,
  schema,
  where,
  required = false,
  depth = 0,
}: FieldProps) => (
  <li>
    <code>{name}</code>{" "}
    <small>
      {where && `${where}, `}
      {typeOf(schema)}
      {required ? "" : ", optional"}
      {where &&
        schema.default !== undefined &&
        `, ${String(schema.default)} when absent`}
    </small>{" "}
    {schema.description}
    {fieldsIn(schema, depth + 1)}
  </li>
);

/** The schemas within a schema that have fields of their own. */
function fieldsIn(schema: Schema, depth = 0): ComponentChildren {
  const {
    $ref,
    properties,
    required,
    items,
    additionalProperties,
    anyOf,
    allOf,
  } = schema;
  if (depth > MAX_DEPTH || $ref) return null;
  if (properties)
    return (
      <ul class="fields">
        {Object.entries(properties).map(([name, child]) => (
          <Field
            name={name}
            schema={child}
            required={required?.includes(name)}
            depth={depth}
          />
        ))}
      </ul>
    );
  const inner =
    items ??
    (typeof additionalProperties === "object"
      ? additionalProperties
      : undefined);
  if (inner) return fieldsIn(inner, depth);
  return (anyOf ?? allOf)?.map((each) => fieldsIn(each, depth + 1));
}

const Body = ({ content }: { content: Content }) => (
  <ul class="fields">
    {Object.entries(content).map(([type, { schema = {} }]) => (
      <Field name={type} schema={schema} required />
    ))}
  </ul>
);

function Endpoint({
  method,
  path,
  operation,
}: {
  method: string;
  path: string;
  operation: Operation;
}) {
  const {
    operationId,
    summary,
    description,
    parameters = [],
    requestBody,
    responses,
  } = operation;
  return (
    <details id={operationId} class="endpoint">
      <summary>
        <code>
          <b>{method.toUpperCase()}</b> {path}
        </code>{" "}
        {summary}
      </summary>
      <p>{description}</p>
      {parameters.length > 0 && (
        <>
          <h3>Parameters</h3>
          <ul class="fields">
            {parameters.map(
              ({ in: where, schema, description = "", ...named }) => (
                <Field
                  where={where}
                  schema={{ ...schema, description }}
                  {...named}
                />
              ),
            )}
          </ul>
        </>
      )}
      {requestBody && (
        <>
          <h3>Body</h3>
          {requestBody.description && <p>{requestBody.description}</p>}
          <Body content={requestBody.content} />
        </>
      )}
      <h3>Answers</h3>
      <ul class="fields">
        {Object.entries(responses).map(
          ([status, { description: text, content = {} }]) => (
            <li>
              <b>{status}</b> {text}
              {Number(status) < 400 && <Body content={content} />}
            </li>
          ),
        )}
      </ul>
    </details>
  );
}

const style = styleWith(ownStyle);

/** In the workshop, which has the OpenAPI document. */
export function docsPage(site: Site): {
  html: string;
  policy: string;
  hash: string;
} {
  const { text, hash } = apiDocument("openapi");
  const document = JSON.parse(
    text.replaceAll(PUBLIC_URL_PLACEHOLDER, site.origin),
  ) as OpenApi;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  );
  const html = renderDocument({
    locale: "en",
    title: `API reference. ${site.profile.newsroom.name}`,
    site,
    inLanguage: (tag) => addresses.front(tag),
    style,
    tools: <a href={paths.openapi}>OpenAPI</a>,
    children: (
      <main class="docs">
        <div class="intro">
          <h1>API reference</h1>
          <p>
            {document.info.description} Every address below is relative to{" "}
            <code>{site.origin}</code>. For programs:{" "}
            <a href={paths.openapi}>OpenAPI 3.1</a>,{" "}
            <a href={paths.caseSchema}>JSON Schema of a case</a>,{" "}
            <a href={paths.dataPackage}>Data Package of the CSV list</a>.
          </p>
        </div>
        <section aria-labelledby="stability">
          <h2 id="stability">What is stable</h2>
          {stability.map((paragraph) => (
            <p>{paragraph}</p>
          ))}
        </section>
        {document.tags.map(({ name, description }) => (
          <section aria-labelledby={`tag-${name}`}>
            <h2 id={`tag-${name}`}>{name}</h2>
            <p>{description}</p>
            {operations
              .filter(({ operation }) => operation.tags.includes(name))
              .map((endpoint) => (
                <Endpoint {...endpoint} />
              ))}
          </section>
        ))}
        <section aria-labelledby="schemas">
          <h2 id="schemas">Schemas</h2>
          {Object.entries(document.components.schemas).map(([name, schema]) => (
            <section id={`schema-${name}`}>
              <h3>{name}</h3>
              {schema.description && <p>{schema.description}</p>}
              {!schema.properties && <p>{typeOf(schema)}</p>}
              {fieldsIn(schema)}
            </section>
          ))}
        </section>
        <section aria-labelledby="changes">
          <h2 id="changes">Changes of the API</h2>
          {apiChanges.map(({ when, what }) => (
            <>
              <h3>{when}</h3>
              <ul>
                {what.map((text) => (
                  <li>{text}</li>
                ))}
              </ul>
            </>
          ))}
        </section>
      </main>
    ),
  });
  return { html, policy: pagePolicyWith(style), hash };
}
