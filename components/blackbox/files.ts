/**
 * Renders blackbox.yml: the ways in which it asks, by the name that `/probe?module=` gives. HTTP and TCP alone: ICMP takes
 * a capability. A redirect is not the answer that was asked for, and the networks are IPv4.
 */
export function blackboxYml(): string {
  return `modules:
  http_2xx:
    prober: http
    timeout: 5s
    http:
      follow_redirects: false
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
  # Outside development the game server answers to no other host.
  http_2xx_localhost:
    prober: http
    timeout: 5s
    http:
      headers:
        Host: localhost
      follow_redirects: false
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
  tcp_connect:
    prober: tcp
    timeout: 5s
    tcp:
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
`;
}
