/**
 * Stands before the emulator, where AWS has its TLS ends: says of each request that it came over TLS, and notes which
 * function called what. It changes nothing else. Functions are told apart by the application id that the SDK puts into the
 * user agent (AWS_SDK_UA_APP_ID), behind which Powertools writes its own name after a hyphen.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ApiOperation, apiOperation } from "./api-operation";

export interface GatewayCall extends ApiOperation {
  /** Application id of the caller. */
  readonly caller: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

export interface Gateway {
  readonly url: string;
  /** What callers with an application id called, so far. */
  readonly calls: readonly GatewayCall[];
  stop(): Promise<void>;
}

export async function startGateway(emulatorPort: number): Promise<Gateway> {
  const calls: GatewayCall[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, emulatorPort, calls).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  calls: GatewayCall[],
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const { method = "GET", url: path = "/", headers } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const onwards = request(
      { host: "127.0.0.1", port, method, path, headers: { ...headers, "x-forwarded-proto": "https" } },
      resolve,
    );
    onwards.on("error", reject);
    onwards.end(body);
  });
  const status = answer.statusCode ?? 502;
  const caller = / app\/(\w+)/.exec(` ${headers["user-agent"] ?? ""}`)?.[1];
  if (caller !== undefined) calls.push({ caller, status, ...apiOperation({ method, path, headers, body }) });
  outgoing.writeHead(status, answer.headers);
  answer.pipe(outgoing);
}
