/** The documents about the API that the build derives from the contract. */
import caseSchema from "../../../dist/case-schema.txt";
import openapi from "../../../dist/openapi.txt";
import { decode } from "../../runtime/decode.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { once } from "../../runtime/once.ts";

export interface ApiDocument {
  text: string;
  /** Names the content. The version of the main Worker doesn't: the two may be deployed apart. */
  hash: string;
}

const documentOf = (bytes: ArrayBuffer) =>
  once((): ApiDocument => {
    const text = decode(bytes);
    return { text, hash: shortDigest(text) };
  });

const documents = { openapi: documentOf(openapi), caseSchema: documentOf(caseSchema) };

export const apiDocument = (name: keyof typeof documents): ApiDocument => documents[name]();
