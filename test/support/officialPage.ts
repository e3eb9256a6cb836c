import type Docker from "dockerode";
import { pack } from "tar-stream";
import { withJobContainer } from "../../components/job";
import { eventually } from "./wait";

/** What the official nginx image comes with: other places than those of our own image, on which it is based here. */
const OFFICIAL_CONF = `user nginx;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log notice;
events { worker_connections 64; }
http {
  access_log /var/log/nginx/access.log;
  client_body_temp_path /var/cache/nginx/client_temp;
  proxy_temp_path /var/cache/nginx/proxy_temp;
  fastcgi_temp_path /var/cache/nginx/fastcgi_temp;
  uwsgi_temp_path /var/cache/nginx/uwsgi_temp;
  scgi_temp_path /var/cache/nginx/scgi_temp;
  server {
    listen 3000;
    location = /health { return 200 "healthy"; }
  }
}
`;

/** Builds an operator's page as it is made on the official image. */
export async function buildOfficialPage(docker: Docker, base: string, tag: string): Promise<void> {
  const context = pack();
  context.entry({ name: "Dockerfile" }, `FROM ${base}\nCOPY nginx.conf /etc/nginx/nginx.conf\n`);
  context.entry({ name: "nginx.conf" }, OFFICIAL_CONF);
  context.finalize();
  const output = await docker.buildImage(context, { t: tag });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(output, (error) => (error ? reject(error) : resolve(undefined))),
  );
}

/** Runs an image as a page's container runs, without its network, until it is healthy. @throws Error with its log */
export async function becomesHealthy(
  docker: Docker,
  { Config, HostConfig }: Docker.ContainerInspectInfo,
  image: string,
): Promise<void> {
  const { Hostname: _, Labels: __, Entrypoint: ___, ...config } = Config;
  const options = {
    ...config,
    ...{ Image: image, Cmd: ["nginx", "-g", "daemon off;"], ExposedPorts: {} },
    HostConfig: { ...HostConfig, NetworkMode: "none", PortBindings: {}, RestartPolicy: { Name: "no" } },
  };
  await withJobContainer(docker, options, async (container) => {
    await container.start();
    await eventually("the page is healthy", async () => {
      const { State } = await container.inspect();
      if (State.Running) return State.Health?.Status === "healthy" || undefined;
      throw new Error((await container.logs({ stdout: true, stderr: true, follow: false })).toString());
    });
  });
}
