// Leads connections to an address in this network namespace to a socket in the file system, which all namespaces share.
import { connect, createServer } from "node:net";

const [host, port, socket] = process.argv.slice(2);

createServer((near) => {
  const far = connect(socket);
  near.pipe(far).pipe(near);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
}).listen(Number(port), host, () => console.log("listening"));
