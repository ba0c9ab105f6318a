# The certificate and the names, when there is a domain. CloudFront takes certificates from us-east-1 only.

resource "aws_acm_certificate" "site" {
  count = local.tls ? 1 : 0

  region            = "us-east-1"
  domain_name       = var.domain
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  count = local.tls ? 1 : 0

  zone_id         = var.zone_id
  name            = tolist(aws_acm_certificate.site[0].domain_validation_options)[0].resource_record_name
  type            = tolist(aws_acm_certificate.site[0].domain_validation_options)[0].resource_record_type
  records         = [tolist(aws_acm_certificate.site[0].domain_validation_options)[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "site" {
  count = local.tls ? 1 : 0

  region                  = "us-east-1"
  certificate_arn         = aws_acm_certificate.site[0].arn
  validation_record_fqdns = [aws_route53_record.validation[0].fqdn]
}

resource "aws_route53_record" "site" {
  for_each = local.tls ? toset(["A", "AAAA"]) : []

  zone_id = var.zone_id
  name    = var.domain
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.this.domain_name
    zone_id                = aws_cloudfront_distribution.this.hosted_zone_id
    evaluate_target_health = false
  }
}
