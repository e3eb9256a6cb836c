import { CONFIG_PATH } from "../../catalog/names";
import { NEXUS_SERVICES } from "../../catalog/nexus";
import { clientAddress, REQUEST_HEADERS } from "./headers";
import { CONNECTIONS_FILE, LIMIT_ZONES, REQUESTS_FILE } from "./limits";
import { LOCATIONS, MAPS } from "./locations";

/** Port inside the container; the published one is a setting. */
export const PORT = NEXUS_SERVICES.gateway.port;

export interface GatewayConfig {
  /** Seconds that an upstream may stay silent before the answer is 504. */
  readTimeoutSeconds: number;
  /** IPv4 networks whose word on a client's address and scheme is taken; none: the peer is the client. */
  trustedProxies: readonly string[];
}

/**
 * Renders the gateway's nginx.conf. It knows no region: a region's server is found by its name through Docker's DNS
 * at request time, so that adding one touches nothing here. Only directives that nginx 1.22 has.
 *
 * The upstream path is cut from `$request_uri`, which is the undecoded request line: a decoded variable such as
 * `$uri` would let `%0d%0a` in a path add headers to the upstream request.
 */
export function gatewayConf({ readTimeoutSeconds, trustedProxies }: GatewayConfig): string {
  return `worker_processes 2;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
include ${CONFIG_PATH}/${CONNECTIONS_FILE};
http {
${LOG_SETTINGS}
${MEMORY_SETTINGS}
${GZIP_SETTINGS}
  server_tokens off;
  # Docker's DNS answers with a lifetime of 600 s; a restarted container may have moved long before.
  resolver 127.0.0.11 valid=5s ipv6=off;
  resolver_timeout 2s;
${clientAddress(trustedProxies)}
${LIMIT_ZONES}
${MAPS}
  server {
    # The kernel would keep megabytes for a client that sends or reads slowly.
    listen ${PORT} default_server rcvbuf=64k sndbuf=64k;
    include ${CONFIG_PATH}/${REQUESTS_FILE};
    proxy_connect_timeout 2s;
    proxy_read_timeout ${readTimeoutSeconds}s;
    proxy_send_timeout ${readTimeoutSeconds}s;
${SERVER_SETTINGS}
${LOCATIONS}
  }
}
`;
}

/*
 * What nginx says of a failed request holds the whole request line and its Referer, and with them the tokens in their
 * queries. So it says nothing of requests, only of its own processes; which upstream did what stands in the access log.
 */
const LOG_SETTINGS = `  error_log /dev/stderr emerg;
  # The path without its query, which holds tokens.
  map $request_uri $logged_path {
    default "";
    "~^(?<logged>[^?#]*)" $logged;
  }
  log_format nexus escape=json '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method",'
    '"path":"$logged_path","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"region":"$region",'
    '"upstream":"$upstream_addr","upstreamStatus":"$upstream_status","upstreamSeconds":"$upstream_response_time"}';
  access_log /dev/stdout nexus;`;

/*
 * A request costs a bounded amount of memory, whatever its client and its server do (docs/adr/0027): what is written
 * to /tmp would count as memory as well, so nothing is. The number of requests at once is bounded by the files that
 * are included.
 */
const MEMORY_SETTINGS = `  client_max_body_size 50m;
  client_body_buffer_size 8k;
  client_header_buffer_size 1k;
  large_client_header_buffers 4 8k;
  client_header_timeout 15s;
  client_body_timeout 30s;
  send_timeout 30s;
  keepalive_timeout 60s;
  reset_timedout_connection on;
  proxy_request_buffering off;
  proxy_buffer_size 8k;
  proxy_buffers 4 8k;
  proxy_busy_buffers_size 16k;
  proxy_max_temp_file_size 0;
  # Never written to; the usual places are on the read-only root, where nginx would fail to make them.
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;`;

/*
 * For pages alone (locations.ts): of an answer that holds a secret beside what its caller chose, the compressed length
 * tells the secret (BREACH). The window is a quarter of the usual one, for it is held as long as a reader takes.
 */
const GZIP_SETTINGS = `  gzip_types text/css text/javascript application/javascript application/json application/manifest+json image/svg+xml;
  gzip_comp_level 4;
  gzip_min_length 1024;
  gzip_proxied any;
  gzip_vary on;
  gzip_window 8k;
  gzip_hash 8k;
  gzip_buffers 2 8k;`;

const SERVER_SETTINGS = String.raw`    default_type application/json;
    if ($ambiguous_path) { ${json(400, "bad_request", "The request path is ambiguous or malformed.")} }
    # Else nginx puts its port inside the container into every Location.
    absolute_redirect off;
    proxy_http_version 1.1;
${REQUEST_HEADERS}
    proxy_redirect ~^https?://localhost(?::\d+)?(/.*)$ $1;
    proxy_next_upstream off;
    limit_conn_status 429;
    # Errors that nginx itself makes; an upstream's own error passes through untouched.
    # Not a named location: a request that cannot be parsed has no path to keep.
    error_page 400 /bad-request;
    error_page 404 = @not_found;
    error_page 413 = @too_large;
    error_page 429 = @too_many;
    error_page 502 = @unavailable;
    error_page 504 = @timed_out;
    location = /bad-request { internal; ${json(400, "bad_request", "The request is malformed.")} }
    location @not_found { ${json(404, "not_found", "There is nothing at this address.")} }
    location @too_large { ${json(413, "too_large", "The request body is larger than 50 MB.")} }
    location @too_many {
      add_header Retry-After 1 always;
      ${json(429, "too_many", "Too many requests are open at once.")}
    }
    location @unavailable { ${json(503, "unavailable", "The service behind this address does not answer.")} }
    location @timed_out { ${json(504, "timeout", "The service behind this address did not answer in time.")} }`;

/** An nginx statement that answers with a JSON body. */
function json(status: number, error: string, message: string): string {
  const body = JSON.stringify({ error, message });
  return `return ${status} '${body}';`;
}
