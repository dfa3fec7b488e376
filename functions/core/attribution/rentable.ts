/**
 * Addresses that anyone can rent by the hour. There the name of the service or network says nothing of who answers, so
 * each address stays a peer of its own.
 */

/**
 * AWS services whose addresses are handed to customers, as ip-ranges.json and `pkt-dst-aws-service` name them. S3,
 * CloudFront and API Gateway carry other people's content as well, but on addresses that all share and that change all
 * the time: there an address tells nothing, and the service is the peer.
 */
const SERVICES = new Set(["EC2", "GLOBALACCELERATOR", "CLOUD9", "WORKSPACES_GATEWAYS"]);

export const isRentableService = (service: string): boolean => SERVICES.has(service);

/**
 * Networks in which a server can be had with a credit card. By hand from the autonomous systems of the larger hosting
 * companies and of some that abuse reports name often; it cannot be whole.
 *
 * - Amazon's, for what its ranges do not name more closely.
 * - Microsoft's 8075 holds Azure's rented machines as well as Microsoft's own services, and nothing tells them apart, so
 *   it does not fold. Google's rented machines have a network of their own (396982); its services (15169) fold.
 * - Cloudflare and Fastly front anybody's site after a free sign-up, and one site keeps to a few addresses, which are
 *   learned. Akamai (20940, 16625) changes addresses with every look-up and has contracts with its customers: it folds.
 */
const NETWORKS = new Set(
  [
    [16509, 14618, 8987, 7224], // Amazon
    [8075, 396982, 31898, 36351], // Microsoft, Google Cloud, Oracle, IBM
    [45102, 37963, 45090, 132203], // Alibaba, Tencent
    [14061, 16276, 24940, 213230, 63949, 20473], // DigitalOcean, OVH, Hetzner, Linode (Akamai Connected Cloud), Vultr
    [51167, 40021, 12876, 60781, 28753, 30633], // Contabo, Scaleway, Leaseweb
    [8560, 54548, 47583, 22612, 202053, 40509], // IONOS, Hostinger, Namecheap, UpCloud, Fly.io
    [9009, 60068, 212238, 199524, 202422], // M247, Datacamp, G-Core
    [53667, 36352, 54290, 40676, 46844, 8100, 210644], // FranTech, ColoCrossing, Hostwinds, Psychz, Sharktech, QuadraNet, Aeza
    [13335, 54113], // Cloudflare, Fastly
  ].flat(),
);

export const isRentableNetwork = (asn: number): boolean => NETWORKS.has(asn);
