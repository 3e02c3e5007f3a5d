/**
 * A proxy that imitates networks since 2025: each TCP connection freezes after
 * some kilobytes and is never closed.
 */
import { connect, createServer, type Socket } from "node:net";
import { listening } from "../support/listening.ts";

/** @param limit bytes that a connection may deliver to the reader */
export async function freezingProxy(target: number, limit: number) {
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
  return {
    port: await listening(server),
    /**
     * Bytes that each connection has delivered to the reader, in the order of
     * opening.
     */
    brought,
    /** Returns the number of frozen connections. */
    frozen: () => brought.filter((bytes) => bytes > limit).length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
