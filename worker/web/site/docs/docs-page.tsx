/** The API reference, rendered from the OpenAPI document. It has no script and loads nothing. */
import type { ComponentChildren } from "preact";
import ownStyle from "../../../../dist/docs-style.css";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { apiChanges, stability } from "../../../editing/contract/stability.ts";
import { etagOf } from "../../../reads/freshness.ts";
import { once } from "../../../runtime/once.ts";
import type { Handlers } from "../../api/router.ts";
import { readApiDocument } from "../../api/schemas.ts";
import { sendFile } from "../../api/send-file.ts";
import { pagePolicyWith, renderDocument, type Site, styleWith } from "../document/document.tsx";
import { pageHeaders, siteFor } from "../pages.tsx";

/** The parts of JSON Schema that the document uses. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  default?: unknown;
  pattern?: string;
  format?: string;
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
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
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

const nameIn = (ref: string) => ref.split("/").at(-1) as string;
const Reference = ({ to }: { to: string }) => <a href={`#schema-${nameIn(to)}`}>{nameIn(to)}</a>;

const alternativesOf = ({ anyOf, oneOf, allOf }: Schema) => anyOf ?? oneOf ?? allOf;

/** "integer, from 1 to 100", "one of active, closed", "array of Line" */
function Type({ schema }: { schema: Schema }) {
  const { $ref, type, items, enum: values, const: value, format, minimum, maximum, maxLength } = schema;
  if ($ref) return <Reference to={$ref} />;
  if (values) return <>one of {values.map((each) => JSON.stringify(each)).join(", ")}</>;
  if (value !== undefined) return <>{JSON.stringify(value)}</>;
  if (items)
    return (
      <>
        array of <Type schema={items} />
      </>
    );
  const alternatives = alternativesOf(schema);
  if (alternatives)
    return (
      <>
        {alternatives.map((each, index) => (
          <>
            {index > 0 && (schema.allOf ? " and " : " or ")}
            <Type schema={each} />
          </>
        ))}
      </>
    );
  const limits = [
    ...(format ? [format] : []),
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
  const name = [type ?? "any value"].flat().join(" or ");
  return <>{limits.length > 0 ? `${name}, ${limits.join(" ")}` : name}</>;
}

/** The schemas within a schema that have fields of their own. */
function Fields({ schema, depth = 0 }: { schema: Schema; depth?: number }): ComponentChildren {
  if (depth > MAX_DEPTH || schema.$ref) return null;
  const { properties, required = [], items, additionalProperties } = schema;
  if (properties)
    return (
      <ul class="fields">
        {Object.entries(properties).map(([name, child]) => (
          <li>
            <code>{name}</code>{" "}
            <small>
              <Type schema={child} />
              {required.includes(name) ? "" : ", optional"}
            </small>
            {child.description && <> {child.description}</>}
            <Fields schema={child} depth={depth + 1} />
          </li>
        ))}
      </ul>
    );
  if (items) return <Fields schema={items} depth={depth} />;
  if (typeof additionalProperties === "object") return <Fields schema={additionalProperties} depth={depth} />;
  return alternativesOf(schema)?.map((each) => <Fields schema={each} depth={depth + 1} />);
}

function Body({ content }: { content: Content }) {
  return (
    <>
      {Object.entries(content).map(([type, { schema = {} }]) => (
        <div>
          <code>{type}</code>{" "}
          <small>
            <Type schema={schema} />
          </small>
          {schema.description && ` ${schema.description}`}
          <Fields schema={schema} />
        </div>
      ))}
    </>
  );
}

function Parameters({ parameters }: { parameters: NonNullable<Operation["parameters"]> }) {
  return (
    <ul class="fields">
      {parameters.map(({ name, in: where, required, description, schema }) => (
        <li>
          <code>{name}</code>{" "}
          <small>
            {where}, <Type schema={schema} />
            {required ? "" : ", optional"}
            {schema.default === undefined ? "" : `, ${String(schema.default)} when absent`}
          </small>
          {description && ` ${description}`}
        </li>
      ))}
    </ul>
  );
}

function Endpoint({ method, path, operation }: { method: string; path: string; operation: Operation }) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
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
          <Parameters parameters={parameters} />
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
        {Object.entries(responses).map(([status, { description: text, content = {} }]) => (
          <li>
            <b>{status}</b> {text}
            {Number(status) < 400 && <Body content={content} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

const style = styleWith(ownStyle);
const policy = once(() => pagePolicyWith(style, {}));

/** @param document the OpenAPI document of the deployment */
function docsPage(document: OpenApi, site: Site): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return renderDocument({
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
            {document.info.description} Every address below is relative to <code>{site.origin}</code>. For programs:{" "}
            <a href={paths.openapi}>OpenAPI 3.1</a>, <a href={paths.caseSchema}>JSON Schema of a case</a>,{" "}
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
              {schema.properties ? null : (
                <p>
                  <Type schema={schema} />
                </p>
              )}
              <Fields schema={schema} />
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
}

/** The page of this isolate's deployment. */
let page: { for: string; html: string } | null = null;

export const docsHandlers = {
  async docs(c) {
    const { text, hash } = await readApiDocument(c.env, "openapi");
    const key = `${c.env.PUBLIC_URL} ${c.env.PROFILE} ${hash}`;
    if (page?.for !== key) page = { for: key, html: docsPage(JSON.parse(text) as OpenApi, siteFor(c, "en")) };
    return sendFile(c, page.html, { ...pageHeaders("en", policy()), ETag: etagOf(c.env, "docs", hash) });
  },
} satisfies Partial<Handlers>;
