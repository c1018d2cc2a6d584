// The UDP socket of StatsD's server, on any free port, which it tells.
const dgram = require("node:dgram");

exports.start = ({ address }, callback) => {
  const socket = dgram.createSocket("udp4", callback);
  socket.bind(0, address, () => console.log(JSON.stringify({ port: socket.address().port })));
  return true;
};
