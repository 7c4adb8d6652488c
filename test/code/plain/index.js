exports.handler = async (event) => ({ greeting: require("./words.json").hello, to: event.name });
