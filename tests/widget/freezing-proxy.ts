/** A line as some providers make it since 2025: each TCP connection goes silent after some kilobytes, and no end is ever reported. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface FreezingProxy {
  port: number;
  /** Bytes that each connection has brought to the reader, in the order they were opened. */
  brought: number[];
  /** How many were frozen. */
  frozen(): number;
  close(): Promise<void>;
}

/** @param limit how many bytes a connection may bring to the reader */
export async function freezingProxy(target: number, limit: number): Promise<FreezingProxy> {
  const brought: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((reader) => {
    const index = brought.push(0) - 1;
    const newsroom = connect(target, "127.0.0.1");
    for (const socket of [reader, newsroom]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    const isFrozen = () => brought[index]! > limit;
    newsroom.on("data", (bytes) => {
      brought[index]! += bytes.length;
      if (!isFrozen()) reader.write(bytes);
    });
    reader.on("data", (bytes) => !isFrozen() && newsroom.write(bytes));
    newsroom.on("close", () => !isFrozen() && reader.destroy());
    reader.on("close", () => newsroom.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    brought,
    frozen: () => brought.filter((bytes) => bytes > limit).length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
