// @platformatic/kafka asks for Node 22; with this, Node 20 runs it as well. Import it before the client.
Promise.withResolvers ??= function () {
  const resolvers = {};
  resolvers.promise = new this((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return resolvers;
};
