// StatsD's server logs by a function that newer versions of Node have no more.
const util = require("node:util");
util.log ??= (text) => console.log(text);
