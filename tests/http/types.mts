// The real servers and frameworks take what the adapters give.
import { createServer } from "node:http";
import { createServer as createSecure } from "node:https";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { Monitor } from "streamgauge";
import { attachHttpServer, expressMiddleware, fastifyPlugin, honoMiddleware, type Attachment } from "streamgauge/http";

const monitor = new Monitor();
const attachments: Attachment[] = [attachHttpServer(createServer(), monitor), attachHttpServer(createSecure(), monitor, { onFault: console.error })];
express().use(expressMiddleware(monitor, { filter: (request: express.Request) => request.path !== "/healthz" }));
void fastify().register(fastifyPlugin(monitor));
new Hono().use(honoMiddleware(monitor));
attachments.push(expressMiddleware(monitor));
// @ts-expect-error: no server.
attachHttpServer(new Map(), monitor);
