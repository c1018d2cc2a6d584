import { gather, reportTo, watchEventLoop } from "streamgauge/node";

export const all: readonly unknown[] = [gather, reportTo, watchEventLoop];
