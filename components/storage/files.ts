import { REGION_SERVICES } from "../../catalog/region";

export const DATA_PATH = REGION_SERVICES.storage.dataPath;
export const PORT = REGION_SERVICES.storage.port;

/**
 * Renders nginx.conf of a region's file storage: plain HTTP and WebDAV writes, for whoever has the token. Uploads are
 * first written beside the files, on the same file system, so that the final rename is atomic.
 */
export function storageConf(token: string): string {
  return `worker_processes 1;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
events { worker_connections 512; }
http {
  access_log off;
  server_tokens off;
  types { }
  default_type application/octet-stream;
  sendfile on;
  client_max_body_size 64m;
  client_body_temp_path ${DATA_PATH}/.uploads;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  # The token makes a longer key than the default bucket holds.
  map_hash_bucket_size 128;
  map $http_authorization $authorized {
    default 0;
    "Bearer ${token}" 1;
  }
  server {
    listen ${PORT};
    root ${DATA_PATH}/files;
    location = /health {
      default_type text/plain;
      return 200 "ok\\n";
    }
    location / {
      if ($authorized = 0) { return 401; }
      dav_methods PUT DELETE MKCOL COPY MOVE;
      create_full_put_path on;
      dav_access user:rw;
      autoindex on;
      autoindex_format json;
    }
  }
}
`;
}
