// What CloudFront does with a request before it looks into its cache: one host, folders, the paths of an application.
const host = "${Host}";
const isApplication = "${IsApplication}" === "true";

function handler(event) {
  const request = event.request;
  const uri = request.uri;
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (request.headers.host.value !== host) return redirect(request, uri);
  if (name.includes(".") || uri.startsWith("/.well-known/")) return read(request, uri);
  if (!isApplication && name !== "") return redirect(request, uri + "/");
  return read(request, isApplication ? "/index.html" : uri + "index.html");
}

// S3 takes a plus sign for a space.
function read(request, uri) {
  request.uri = uri.replace(/\+/g, "%2B");
  return request;
}

function redirect(request, uri) {
  const query = request.rawQueryString();
  return {
    statusCode: 301,
    statusDescription: "Moved Permanently",
    headers: {
      location: { value: "https://" + host + uri + (query ? "?" + query : "") },
      "cache-control": { value: "max-age=3600" },
    },
  };
}
