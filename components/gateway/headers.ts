/**
 * Headers in which proxies tell a client's address, and what else they say of the request that they got. A server
 * that believes one of them believes its client, because nothing else on the way sets it: the game's own limiter
 * takes `CF-Connecting-IP`. The gateway sets the four that it knows better, and clears these.
 */
const CLEARED = [
  "CF-Connecting-IP",
  "CF-Connecting-IPv6",
  "CF-Pseudo-IPv4",
  "Client-IP",
  "Fastly-Client-IP",
  "Fly-Client-IP",
  "Forwarded",
  "Forwarded-For",
  "True-Client-IP",
  "X-Appengine-User-IP",
  "X-Azure-ClientIP",
  "X-Azure-SocketIP",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "X-Envoy-External-Address",
  "X-Forwarded",
  "X-Forwarded-By",
  "X-Forwarded-Port",
  "X-Forwarded-Prefix",
  "X-Forwarded-Scheme",
  "X-Forwarded-Server",
  "X-Forwarded-Ssl",
  "X-Original-Forwarded-For",
  "X-Originating-IP",
  "X-ProxyUser-Ip",
  "X-Remote-Addr",
  "X-Remote-IP",
] as const;

/** What the gateway tells a server of the request, in nginx's words. */
export const REQUEST_HEADERS = `    # The game server only accepts this host outside development; the real one travels beside it.
    proxy_set_header Host localhost;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $client_scheme;
    # Overwritten, not appended: the server believes the left-most entry.
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Region-Name $region;
    proxy_set_header Upgrade $websocket_upgrade;
    proxy_set_header Connection $websocket_connection;
    # Nobody on the way here sets these, so whoever does is the client.
${CLEARED.map((name) => `    proxy_set_header ${name} "";`).join("\n")}`;

/**
 * Who may say from which address, and by which scheme, a request came to it.
 * @param trustedProxies IPv4 networks; none: the peer is the client
 */
export function clientAddress(trustedProxies: readonly string[]): string {
  const lines = (each: (network: string) => string) => trustedProxies.map((one) => `${each(one)}\n`).join("");
  return `  # The peer itself, whatever it says of others.
  geo $realip_remote_addr $from_trusted_proxy {
    default 0;
${lines((network) => `    ${network} 1;`)}  }
  map "$from_trusted_proxy $http_x_forwarded_proto" $client_scheme {
    default $scheme;
    "1 http" http;
    "1 https" https;
  }
${lines((network) => `  set_real_ip_from ${network};`)}  real_ip_header X-Forwarded-For;
  # From the right, past every trusted one: what stands left of the first other one is anybody's word.
  real_ip_recursive on;`;
}
