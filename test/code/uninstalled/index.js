exports.handler = async () => require("not-installed-anywhere").answer();
