/** Opens many sockets in a process of its own, each from another address, and prints when each received each revision, from 2 to the last. */
import { WebSocket } from "ws";

const [url = "", count = "0", last = "0"] = process.argv.slice(2);
const sockets: WebSocket[] = [];
let arrivals: number[] = [];
let awaited = 2;
const wanted = Number(count);
for (let index = 0; index < wanted; index++) {
  const headers = { "CF-Connecting-IP": `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` };
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  sockets.push(socket);
  socket.on("message", (data) => {
    if (!String(data).includes(`"number":${awaited},`)) return;
    arrivals.push(Date.now());
    if (arrivals.length < wanted) return;
    console.log(`arrivals: ${JSON.stringify(arrivals)}`);
    arrivals = [];
    if (++awaited <= Number(last)) return;
    for (const open of sockets) open.terminate();
    setTimeout(() => process.exit(0), 500);
  });
  await new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", (error) => reject(new Error(`socket ${index} did not open: ${error.message}`)));
  });
}
console.log("open");
