/** Plain HTTP requests, which cost less of the processor than `fetch`. */
import {
  type IncomingHttpHeaders,
  type RequestOptions,
  request,
} from "node:http";

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Only what hangs takes as long. */
const ANSWER_TIMEOUT_MS = 60_000;

export function askOn(
  options: RequestOptions & { method: string },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 502,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    asking.setTimeout(ANSWER_TIMEOUT_MS, () =>
      asking.destroy(new Error("no answer")),
    );
    asking.on("error", (error: NodeJS.ErrnoException) => {
      // The other side closed an idle connection while the request was under
      // way. HTTP clients send it again (RFC 9112, 9.3.1).
      const isIdempotent =
        options.method === "GET" || options.method === "HEAD";
      if (asking.reusedSocket && error.code === "ECONNRESET" && isIdempotent)
        resolve(askOn(options));
      else reject(error);
    });
    asking.end();
  });
}
