/** Opens many widget sockets in a process of its own, and prints when each received the awaited revision. */
const [url = "", count = "0", awaited = "0"] = process.argv.slice(2);
const sockets: WebSocket[] = [];
const arrivals: number[] = [];
const wanted = Number(count);
for (let index = 0; index < wanted; index++) {
  const socket = new WebSocket(url);
  sockets.push(socket);
  socket.addEventListener("message", ({ data }) => {
    if (JSON.parse(String(data)).revision?.number !== Number(awaited)) return;
    arrivals.push(Date.now());
    if (arrivals.length === wanted) {
      console.log(`arrivals: ${JSON.stringify(arrivals)}`);
      for (const open of sockets) open.close();
      setTimeout(() => process.exit(0), 500);
    }
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error(`socket ${index} did not open`)));
  });
}
console.log("open");
