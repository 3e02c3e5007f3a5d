/**
 * Requests over a few kept connections. The benches count the processor time of
 * the server, so this may be Node's own client.
 */
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";

export class RawClient {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async #get(path: string): Promise<void> {
    const request = get(this.#url + path, { agent: this.#agent });
    let answer: IncomingMessage;
    try {
      [answer] = await once(request, "response");
    } catch (error) {
      // The server closed an idle connection just when the request was sent.
      if (request.reusedSocket) return this.#get(path);
      throw error;
    }
    await once(answer.resume(), "end");
    if (answer.statusCode !== 200)
      throw new Error(`${path}: ${answer.statusCode}`);
  }

  /**
   * Requests `count` times, as fast as the connections allow.
   * @param paths in turn
   * @throws Error for any answer but 200
   */
  async run(paths: readonly string[], count: number): Promise<void> {
    let next = 0;
    const lane = async () => {
      while (next < count)
        await this.#get(paths[next++ % paths.length] as string);
    };
    await Promise.all(Array.from({ length: this.#agent.maxSockets }, lane));
  }

  close(): void {
    this.#agent.destroy();
  }
}
