// A user who has none of the frameworks, nor Node's types, still compiles.
import { attachHttpServer, expressMiddleware, fastifyPlugin, honoMiddleware, type HttpOptions } from "streamgauge/http";

export const all: readonly unknown[] = [attachHttpServer, expressMiddleware, fastifyPlugin, honoMiddleware];
export const options: HttpOptions = {};
