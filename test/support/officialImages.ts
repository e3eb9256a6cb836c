import type Docker from "dockerode";
import { IMAGES } from "../../catalog/images";
import { tarOf } from "../../images/context";
import { followProgress } from "../../images/progress";
import { type LocalImageName, localRefs } from "../../images/recipes";
import type { Registry } from "./registry";
import { REPOSITORY } from "./toolchain";

/** The official images by role, as the catalogue names them. */
export const OFFICIAL_REFS = {
  postgres: IMAGES.postgres.official,
  redis: IMAGES.redis.official,
  nginx: IMAGES.nginx.official,
  blackboxExporter: IMAGES.blackboxExporter.official,
};

/** Ends a container that leaves the entrypoint as the image has it: the platform runs the programs themselves. */
const ENTRYPOINT = `#!/bin/sh
echo "the official image's entrypoint was run" >&2
exit 1
`;

/**
 * The official images' contract as facts, as a layer over our local ones: user, environment, volumes with the owner and
 * mode of their folder, stop signal, entrypoint and command.
 */
const CONTRACT: Record<keyof typeof OFFICIAL_REFS, string[]> = {
  postgres: [
    "USER root",
    "ENV GOSU_VERSION=1.19 PG_MAJOR=15 PG_VERSION=15.18 PGDATA=/var/lib/postgresql/data DOCKER_PG_LLVM_DEPS=none",
    "COPY entrypoint /usr/local/bin/docker-entrypoint.sh",
    "RUN chmod 0755 /usr/local/bin/docker-entrypoint.sh",
    "RUN chown 70:70 /var/lib/postgresql/data && chmod 1777 /var/lib/postgresql/data",
    "VOLUME /var/lib/postgresql/data",
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    "STOPSIGNAL SIGINT",
    "EXPOSE 5432",
    'CMD ["postgres"]',
  ],
  redis: [
    "USER root",
    "ENV REDIS_VERSION=7.2.14",
    "COPY entrypoint /usr/local/bin/docker-entrypoint.sh",
    "RUN chmod 0755 /usr/local/bin/docker-entrypoint.sh",
    "RUN chown 999:1000 /data && chmod 0755 /data",
    "VOLUME /data",
    "WORKDIR /data",
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    "EXPOSE 6379",
    'CMD ["redis-server"]',
  ],
  nginx: [
    "USER root",
    "ENV NGINX_VERSION=1.30.4 PKG_RELEASE=1 DYNPKG_RELEASE=1",
    "COPY entrypoint /docker-entrypoint.sh",
    "RUN chmod 0755 /docker-entrypoint.sh",
    'ENTRYPOINT ["/docker-entrypoint.sh"]',
    "EXPOSE 80",
    "STOPSIGNAL SIGQUIT",
    'CMD ["nginx", "-g", "daemon off;"]',
  ],
  blackboxExporter: [
    "USER root",
    "COPY entrypoint /entrypoint",
    "RUN chmod 0755 /entrypoint",
    // There it is the program itself, with another configuration.
    'ENTRYPOINT ["/entrypoint"]',
    "EXPOSE 9115",
    'CMD ["--config.file=/etc/blackbox_exporter/config.yml"]',
  ],
};

/** The operator's own images, by the role that runs them, as they are called in a registry of one's own. */
export const OWN_NAMES = {
  gameServer: "nexus/game-server:1",
  playerClient: "nexus/player-client:1",
  adminUi: "nexus/admin-ui:1",
  disk: "nexus/disk:1",
} as const;

const LOCAL: Record<keyof typeof OWN_NAMES, LocalImageName> = {
  gameServer: "game-server",
  playerClient: "player-client",
  adminUi: "admin-ui",
  disk: "disk",
};

/** Fills a registry with the official images, under the names by which it stands for Docker Hub. */
export async function pushOfficial(docker: Docker, hub: Registry): Promise<void> {
  for (const role of Object.keys(CONTRACT) as (keyof typeof CONTRACT)[]) {
    const { official, recipe } = IMAGES[role];
    const tag = `${hub.address}/contract-${recipe}:build`;
    const ref = await build(docker, tag, localOf(recipe), CONTRACT[role]);
    // Docker Hub keeps those without an owner's name there.
    await hub.push(docker, ref, official.includes("/") ? official : `library/${official}`);
    await docker.getImage(ref).remove();
  }
}

/** Fills a registry with the operator's own images. */
export async function pushOwn(docker: Docker, own: Registry): Promise<void> {
  for (const role of Object.keys(LOCAL) as (keyof typeof LOCAL)[]) {
    await own.push(docker, localOf(LOCAL[role]), OWN_NAMES[role]);
  }
}

/**
 * Pushes a new version of one of the operator's images.
 * @param lines of a Dockerfile, over the first version
 * @returns its digest
 */
export async function pushNext(
  docker: Docker,
  own: Registry,
  role: keyof typeof OWN_NAMES,
  name: string,
  lines: string[],
): Promise<string> {
  const ref = await build(docker, `${own.address}/next:build`, localOf(LOCAL[role]), lines);
  const digest = await own.push(docker, ref, name);
  await docker.getImage(ref).remove();
  return digest;
}

function localOf(name: LocalImageName): string {
  return localRefs(REPOSITORY)[name];
}

async function build(docker: Docker, tag: string, base: string, lines: string[]): Promise<string> {
  const text = [`FROM ${base}`, ...lines].join("\n");
  const context = tarOf({ Dockerfile: { text: `${text}\n` }, entrypoint: { text: ENTRYPOINT } });
  await followProgress(await docker.buildImage(context, { t: tag, networkmode: "none" }), () => undefined);
  return tag;
}
