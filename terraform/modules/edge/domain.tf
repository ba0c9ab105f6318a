# Certificates and names, when there is a domain: internal.<domain> is the load balancer, api.<domain> the API.

locals {
  names = local.tls ? { internal = local.host, api = local.api_name } : {}
}

resource "aws_acm_certificate" "this" {
  for_each = local.names

  domain_name       = each.value
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = local.names

  zone_id = var.zone_id
  # A certificate with one name has one record.
  name            = tolist(aws_acm_certificate.this[each.key].domain_validation_options)[0].resource_record_name
  type            = tolist(aws_acm_certificate.this[each.key].domain_validation_options)[0].resource_record_type
  records         = [tolist(aws_acm_certificate.this[each.key].domain_validation_options)[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  for_each = local.names

  certificate_arn         = aws_acm_certificate.this[each.key].arn
  validation_record_fqdns = [aws_route53_record.validation[each.key].fqdn]
}

# Private addresses under a public name: of use to nobody outside, and no second zone is needed.
resource "aws_route53_record" "internal" {
  count = local.tls ? 1 : 0

  zone_id = var.zone_id
  name    = local.host
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "api" {
  count = local.tls ? 1 : 0

  zone_id = var.zone_id
  name    = local.api_name
  type    = "A"

  alias {
    name                   = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
