/** Opens many sockets in a process of its own, each from another address, and prints when each received the awaited message. */
import { WebSocket } from "ws";

const [url = "", count = "0", awaited = ""] = process.argv.slice(2);
const sockets: WebSocket[] = [];
const arrivals: number[] = [];
const wanted = Number(count);
for (let index = 0; index < wanted; index++) {
  const headers = { "CF-Connecting-IP": `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` };
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  sockets.push(socket);
  socket.on("message", (data) => {
    if (!String(data).includes(awaited)) return;
    arrivals.push(Date.now());
    if (arrivals.length === wanted) {
      console.log(`arrivals: ${JSON.stringify(arrivals)}`);
      for (const open of sockets) open.terminate();
      setTimeout(() => process.exit(0), 500);
    }
  });
  await new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", (error) => reject(new Error(`socket ${index} did not open: ${error.message}`)));
  });
}
console.log("open");
