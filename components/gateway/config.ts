/** Port inside the container; the published one is a setting. */
export const PORT = 8080;

export interface GatewayConfig {
  /** Seconds that an upstream may stay silent before the answer is 504. */
  readTimeoutSeconds: number;
}

/**
 * Renders the gateway's nginx.conf. It knows no region: a region's server is found by its name through Docker's DNS
 * at request time, so that adding one touches nothing here. Only directives that nginx 1.22 has.
 *
 * The upstream path is cut from `$request_uri`, which is the undecoded request line: a decoded variable such as
 * `$uri` would let `%0d%0a` in a path add headers to the upstream request.
 */
export function gatewayConf({ readTimeoutSeconds }: GatewayConfig): string {
  return `worker_processes 2;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
${HTTP_SETTINGS}
${MAPS}
  server {
    listen ${PORT} default_server;
    proxy_connect_timeout 2s;
    proxy_read_timeout ${readTimeoutSeconds}s;
    proxy_send_timeout ${readTimeoutSeconds}s;
${SERVER_SETTINGS}
${LOCATIONS}
  }
}
`;
}

const HTTP_SETTINGS = `  access_log /dev/stdout;
  server_tokens off;
  client_max_body_size 50m;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  # Docker's DNS answers with a lifetime of 600 s; a restarted container may have moved long before.
  resolver 127.0.0.11 valid=5s ipv6=off;
  resolver_timeout 2s;`;

/** A region's name (the rule of regions/names.ts), up to the next slash. */
const NAME = "(?=[a-z0-9-]{3,32}(?:/|$))[a-z0-9](?:-?[a-z0-9])*";
/** Segments below `/api/v1/regions/` that belong to the Nexus' own API, not to a region. */
const CENTRAL = "(?:my-region|treaties|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:/|$)";

const MAPS = String.raw`  map $http_upgrade $connection_upgrade {
    default upgrade;
    "" "";
  }
  # The region that a request is for, from the decoded path; empty for everything else.
  map $uri $region {
    default "";
    "~^/api/v1/regions/${CENTRAL}" "";
    "~^/(?:api/v1|ws)/regions/(?<name>${NAME})(?:/|$)" $name;
  }
  # What follows a prefix, from the raw request line.
  map $request_uri $region_rest {
    default "";
    "~^/(?:api/v1|ws)/regions/[^/?]+(?<rest>[/?].*)$" $rest;
  }
  map $request_uri $ws_rest {
    default "";
    "~^/ws(?<rest>/.*)$" $rest;
  }
  map $request_uri $admin_rest {
    default "/";
    "~^/admin(?<rest>/.*)$" $rest;
  }
  # nginx routes on the decoded path but passes the raw one on; a path that reads differently in the two is refused.
  map $request_uri $ambiguous_path {
    default 0;
    "~*^[^?]*(?:%2e|%2f|%5c|%00|\\|//|/\.\.?(?:/|$|\?))" 1;
  }`;

const SERVER_SETTINGS = String.raw`    default_type application/json;
    if ($ambiguous_path) { ${json(400, "bad_request", "The request path is ambiguous or malformed.")} }
    # Else nginx puts its port inside the container into every Location.
    absolute_redirect off;
    proxy_http_version 1.1;
    # The game server only accepts this host outside development; the real one travels beside it.
    proxy_set_header Host localhost;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    # Overwritten, not appended: the server believes the left-most entry.
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Region-Name $region;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_redirect ~^https?://localhost(?::\d+)?(/.*)$ $1;
    proxy_next_upstream off;
    # Errors that nginx itself makes; an upstream's own error passes through untouched.
    # Not a named location: a request that cannot be parsed has no path to keep.
    error_page 400 /bad-request;
    error_page 404 = @not_found;
    error_page 413 = @too_large;
    error_page 502 = @unavailable;
    error_page 504 = @timed_out;
    location = /bad-request { internal; ${json(400, "bad_request", "The request is malformed.")} }
    location @not_found { ${json(404, "not_found", "There is nothing at this address.")} }
    location @too_large { ${json(413, "too_large", "The request body is larger than 50 MB.")} }
    location @unavailable { ${json(503, "unavailable", "The service behind this address does not answer.")} }
    location @timed_out { ${json(504, "timeout", "The service behind this address did not answer in time.")} }`;

const LOCATIONS = `    location = /health {
      access_log off;
      default_type text/plain;
      return 200 "healthy\\n";
    }

    location ~ "^/api/v1/regions/${CENTRAL}" {
      set $upstream central-nexus-server:8080;
      proxy_pass http://$upstream;
    }
    location ~ "^/api/v1/regions/${NAME}(?:/|$)" {
      # What a region's server calls /api/v1/ is the Nexus' outside.
      proxy_redirect ~^(?:https?://localhost(?::\\d+)?)?/api/v1(/.*)$ /api/v1/regions/$region$1;
      proxy_pass http://region-$region-server:8080/api/v1$region_rest;
    }
    location ~ ^/api/v1/regions/. { return 404; }

    location ~ "^/ws/regions/${NAME}(?:/|$)" {
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      proxy_pass http://region-$region-server:8080/api/v1/ws$region_rest;
    }
    location ~ ^/ws/regions(?:/|$) { return 404; }
    location /ws/ {
      set $upstream central-nexus-server:8080;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      proxy_pass http://$upstream/api/v1/ws$ws_rest;
    }

    location /api/v1/ws/ {
      set $upstream central-nexus-server:8080;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      proxy_pass http://$upstream;
    }
    # Progress of a long job as server-sent events: neither buffered nor cut off.
    location ~ ^/api/v1/admin/galaxy/jobs/[^/]+/stream$ {
      set $upstream central-nexus-server:8080;
      proxy_buffering off;
      proxy_read_timeout 1h;
      proxy_pass http://$upstream;
    }
    location /api/v1/ {
      set $upstream central-nexus-server:8080;
      proxy_pass http://$upstream;
    }
    location /api/ { return 404; }
    location = /metrics { return 404; }

    location = /admin { return 308 /admin/; }
    location /admin/ {
      set $upstream admin-ui:3000;
      proxy_pass http://$upstream$admin_rest;
    }
    location / {
      set $upstream player-client:3000;
      proxy_pass http://$upstream;
    }`;

/** An nginx statement that answers with a JSON body. */
function json(status: number, error: string, message: string): string {
  const body = JSON.stringify({ error, message });
  return `return ${status} '${body}';`;
}
