/** A load generator on raw sockets, which costs the machine less than an HTTP client, so that a bench measures the server. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const END_OF_HEADERS = "\r\n\r\n";

/** One kept connection; requests follow one another. */
class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #answered: ((error?: Error) => void) | null = null;
  #head = "";
  /** Bytes of the body that are still to come; null while the headers are read. */
  #missing: number | null = null;

  constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => {});
    socket.on("close", () => this.#answered?.(new Error("The server closed the connection")));
  }

  static async open({ hostname, port, host }: URL): Promise<Connection> {
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    await once(socket, "connect");
    return new Connection(socket, host);
  }

  #read(chunk: Buffer): void {
    let body = chunk.length;
    if (this.#missing === null) {
      const before = this.#head.length;
      this.#head += chunk.toString("latin1");
      const end = this.#head.indexOf(END_OF_HEADERS);
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(this.#head);
      if (!this.#head.startsWith("HTTP/1.1 200") || !length) {
        this.#answered?.(new Error(this.#head.slice(0, end)));
        return;
      }
      this.#missing = Number(length[1]);
      body = before + chunk.length - end - END_OF_HEADERS.length;
    }
    this.#missing -= body;
    if (this.#missing > 0) return;
    this.#missing = null;
    this.#head = "";
    this.#answered?.();
  }

  get(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#answered = (error) => (error ? reject(new Error(`${path}: ${error.message}`)) : resolve());
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nAccept: */*\r\n\r\n`);
    });
  }

  /** False once the server has closed it, which it does after some idle seconds. */
  get isOpen(): boolean {
    return this.#socket.readyState === "open";
  }

  close(): void {
    this.#answered = null;
    this.#socket.destroy();
  }
}

export class RawClient {
  readonly #url: URL;
  #connections: (Connection | null)[];

  constructor(url: string, connections: number) {
    this.#url = new URL(url);
    this.#connections = Array(connections).fill(null);
  }

  /**
   * Requests `count` times, as fast as the connections allow.
   * @param paths in turn
   * @throws Error for any answer but 200
   */
  async run(paths: readonly string[], count: number): Promise<void> {
    const connections = await Promise.all(
      this.#connections.map((connection) => (connection?.isOpen ? connection : Connection.open(this.#url))),
    );
    this.#connections = connections;
    let next = 0;
    await Promise.all(
      connections.map(async (connection, index) => {
        let open = connection;
        while (next < count) {
          const path = paths[next++ % paths.length] as string;
          await open.get(path).catch(async (error: Error) => {
            if (open.isOpen) throw error;
            // The server closed an idle connection just when the request was sent.
            open = await Connection.open(this.#url);
            connections[index] = open;
            await open.get(path);
          });
        }
      }),
    );
  }

  close(): void {
    for (const connection of this.#connections) connection?.close();
  }
}
