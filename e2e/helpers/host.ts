// A plain static host: a folder under /some/folder/ and nothing else, with no header that such a host would not send.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

export interface Host {
  readonly origin: string;
  /** Where the app lies. */
  readonly address: string;
  /** Another build is put in its place. */
  deploy(folder: string): void;
  /** These files are lost. */
  lose(name: RegExp): void;
  stop(): Promise<void>;
}

export async function serve(first: string): Promise<Host> {
  let folder = first;
  let lost = /^$/;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const inside = normalize(pathname.replace(/^\/some\/folder\//, '')).replace(/^\.?$/, 'index.html');
    const missing = (): void => void response.writeHead(404).end();
    if (lost.test(inside)) return missing();
    readFile(join(folder, pathname.endsWith('/') ? 'index.html' : inside)).then(
      (body) => response.setHeader('content-type', mimeTypes[extname(inside)] ?? 'text/plain').end(body),
      missing,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    address: `${origin}/some/folder/`,
    deploy(next) {
      folder = next;
    },
    lose(name) {
      lost = name;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
