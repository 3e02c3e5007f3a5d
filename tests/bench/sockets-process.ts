/**
 * Opens many sockets in a process of its own, one for each address on standard
 * input, and prints when each received each revision, from 2 to the last. It
 * fails when a socket receives a revision twice.
 */
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";

const [url = "", last = "0"] = process.argv.slice(2);
const addresses = (await text(process.stdin)).split("\n");
const sockets: WebSocket[] = [];
let arrivals = new Map<WebSocket, number>();
let awaited = 2;
for (const address of addresses) {
  const socket = new WebSocket(url, {
    headers: { "CF-Connecting-IP": address },
    perMessageDeflate: false,
  });
  sockets.push(socket);
  socket.on("message", (data) => {
    const has = (revision: number) =>
      String(data).includes(`"number":${revision},`);
    // Every socket has the revision before.
    if (has(awaited) ? arrivals.has(socket) : has(awaited - 1))
      throw new Error(`${address} received a revision twice`);
    if (!has(awaited)) return;
    arrivals.set(socket, Date.now());
    if (arrivals.size < addresses.length) return;
    console.log(`arrivals: ${JSON.stringify([...arrivals.values()])}`);
    arrivals = new Map();
    if (++awaited <= Number(last)) return;
    for (const open of sockets) open.terminate();
    setTimeout(() => process.exit(0), 500);
  });
  await new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", (error) =>
      reject(
        new Error(`the socket of ${address} did not open: ${error.message}`),
      ),
    );
  });
}
console.log("open");
