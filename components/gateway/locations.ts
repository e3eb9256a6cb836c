/** A region's name (the rule of regions/names.ts), up to the next slash. */
const NAME = "(?=[a-z0-9-]{3,32}(?:/|$))[a-z0-9](?:-?[a-z0-9])*";
/** Segments below `/api/v1/regions/` that belong to the Nexus' own API, not to a region. */
const CENTRAL = "(?:my-region|treaties|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:/|$)";
/** Below `/api/v1/`: progress of a long job as server-sent events. */
const STREAM = "/admin/galaxy/jobs/[^/]+/stream$";

/** What is read from a request's path. */
export const MAPS = String.raw`  # Nothing but a WebSocket: any other protocol would be a tunnel past all that is checked here.
  map $http_upgrade $websocket_upgrade {
    default "";
    "~*^websocket$" websocket;
  }
  map $websocket_upgrade $websocket_connection {
    default "";
    websocket upgrade;
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

/** For connections that stay open and may say nothing for long. */
const LONG = `proxy_read_timeout 1h;
      proxy_send_timeout 1h;`;

/** What a region's server calls /api/v1/ is the Nexus' outside. */
const REGION_API = String.raw`proxy_redirect ~^(?:https?://localhost(?::\d+)?)?/api/v1(/.*)$ /api/v1/regions/$region$1;
      proxy_pass http://region-$region-server:8080/api/v1$region_rest;`;

/** Compressed here, because the pages' own servers do not. Pages hold no secret whose length could tell of it. */
const COMPRESSED = "gzip on;";

/** Where each path goes. Of several patterns that match, nginx takes the first. */
export const LOCATIONS = `    location = /health {
      access_log off;
      default_type text/plain;
      return 200 "healthy\\n";
    }

    location ~ "^/api/v1/regions/${CENTRAL}" {
      set $upstream central-nexus-server:8080;
      proxy_pass http://$upstream;
    }
    location ~ "^/api/v1/regions/${NAME}/ws/" {
      ${LONG}
      proxy_pass http://region-$region-server:8080/api/v1$region_rest;
    }
    location ~ "^/api/v1/regions/${NAME}${STREAM}" {
      proxy_buffering off;
      ${LONG}
      ${REGION_API}
    }
    location ~ "^/api/v1/regions/${NAME}(?:/|$)" {
      ${REGION_API}
    }
    location ~ ^/api/v1/regions/. { return 404; }

    location ~ "^/ws/regions/${NAME}(?:/|$)" {
      ${LONG}
      proxy_pass http://region-$region-server:8080/api/v1/ws$region_rest;
    }
    location ~ ^/ws/regions(?:/|$) { return 404; }
    location /ws/ {
      set $upstream central-nexus-server:8080;
      ${LONG}
      proxy_pass http://$upstream/api/v1/ws$ws_rest;
    }

    location /api/v1/ws/ {
      set $upstream central-nexus-server:8080;
      ${LONG}
      proxy_pass http://$upstream;
    }
    location ~ "^/api/v1${STREAM}" {
      set $upstream central-nexus-server:8080;
      proxy_buffering off;
      ${LONG}
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
      ${COMPRESSED}
      proxy_pass http://$upstream$admin_rest;
    }
    location / {
      set $upstream player-client:3000;
      ${COMPRESSED}
      proxy_pass http://$upstream;
    }`;
