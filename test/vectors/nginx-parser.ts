/** nginx, which writes every request anew: what it read is what comes out behind it. */
import { mkdir, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { Running } from "../support/running.ts";
import { recorder, recordingServer, stop } from "./node-parser.ts";
import { converse, type ReferenceParser, scriptOf } from "./reference-parser.ts";

const config = (folder: string) => `
daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr notice;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  large_client_header_buffers 8 64k;
  client_max_body_size 0;
  server {
    listen unix:${folder}/front;
    location / {
      proxy_pass http://unix:${folder}/back;
      proxy_http_version 1.1;
    }
  }
}
`;

/** @param folder an empty one of its own */
export async function startNginxParser(folder: string): Promise<ReferenceParser> {
  let requests: string[] = [];
  const back = await recordingServer(
    recorder((request) => requests.push(request)),
    { path: join(folder, "back") },
  );
  await mkdir(join(folder, "body"));
  await writeFile(join(folder, "conf"), config(folder));
  const path = join(folder, "front");
  const nginx = new Running(["/usr/sbin/nginx", "-p", folder, "-c", join(folder, "conf")], {
    env: process.env,
    cwd: folder,
  });
  await nginx.until(/event method/); // said when it listens
  return {
    name: "nginx",
    async ask(ours, bytes) {
      requests = [];
      return { statuses: await converse(createConnection({ path }), scriptOf(ours, bytes)), requests };
    },
    async [Symbol.asyncDispose]() {
      await nginx[Symbol.asyncDispose]();
      await stop(back);
    },
  };
}
