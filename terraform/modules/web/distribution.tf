# One distribution, one origin for browsers: the app, its API, and the public keys.

data "aws_cloudfront_cache_policy" "cached" {
  name = "Managed-CachingOptimized"
}

data "aws_cloudfront_cache_policy" "fresh" {
  name = "Managed-CachingDisabled"
}

# Everything that the browser says, but for the host: API Gateway goes by its own.
data "aws_cloudfront_origin_request_policy" "everything" {
  name = "Managed-AllViewerExceptHostHeader"
}

resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "${var.name}-site"
  description                       = "Only this account's CloudFront reads the site"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "pages" {
  name    = "${var.name}-pages"
  comment = "Every page of the app is index.html"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = file("${path.module}/spa.js")
}

# The same headers as docker/nginx/gateway.conf.template; and for two years nobody speaks plain HTTP.
resource "aws_cloudfront_response_headers_policy" "site" {
  #checkov:skip=CKV_AWS_259:Two years, but for this name alone: other names below it may be somebody else's
  name    = "${var.name}-site"
  comment = "Headers of the web app"

  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
      override                = true
    }
    content_type_options {
      override = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
    referrer_policy {
      referrer_policy = "same-origin"
      override        = true
    }
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = false
      preload                    = false
      override                   = true
    }
  }
}

# The services say the rest themselves.
resource "aws_cloudfront_response_headers_policy" "api" {
  #checkov:skip=CKV_AWS_259:Two years, but for this name alone: other names below it may be somebody else's
  name    = "${var.name}-api"
  comment = "Headers of the API and of the public keys"

  security_headers_config {
    content_type_options {
      override = true
    }
    strict_transport_security {
      access_control_max_age_sec = 63072000
      include_subdomains         = false
      preload                    = false
      override                   = true
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68:The firewall is a switch: it costs more than a small installation
  #checkov:skip=CKV2_AWS_47:As above; it holds the rules against Log4j
  #checkov:skip=CKV_AWS_86:Access logs are delivered the newer way, by aws_cloudwatch_log_delivery
  #checkov:skip=CKV_AWS_174:CloudFront's own certificate decides for itself; with a domain it is TLS 1.2 and later
  #checkov:skip=CKV2_AWS_42:Without a domain there is no certificate of one's own
  #checkov:skip=CKV_AWS_310:A second origin would have to be a second Onus
  #checkov:skip=CKV_AWS_374:People may be anywhere
  comment             = "Onus (${var.name})"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  default_root_object = "index.html"
  aliases             = local.tls ? [var.domain] : []
  web_acl_id          = one(aws_wafv2_web_acl.this[*].arn)
  # The authorizer asks the issuer while it is being made, so the distribution has to be there.
  wait_for_deployment = true

  origin {
    origin_id                = "site"
    domain_name              = aws_s3_bucket.site.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.site.id
  }

  origin {
    origin_id   = "api"
    domain_name = var.api_host

    custom_origin_config {
      http_port                = 80
      https_port               = 443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_keepalive_timeout = 60
      # API Gateway answers within thirty seconds, one way or the other.
      origin_read_timeout = 35
    }
  }

  default_cache_behavior {
    target_origin_id           = "site"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = data.aws_cloudfront_cache_policy.cached.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.site.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.pages.arn
    }
  }

  ordered_cache_behavior {
    path_pattern               = "/api/*"
    target_origin_id           = "api"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = false
    cache_policy_id            = data.aws_cloudfront_cache_policy.fresh.id
    origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.everything.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.api.id
  }

  # Hardly anybody asks, and who does must see a new key at once.
  ordered_cache_behavior {
    path_pattern               = "/.well-known/*"
    target_origin_id           = "site"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = data.aws_cloudfront_cache_policy.fresh.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.api.id
  }

  viewer_certificate {
    cloudfront_default_certificate = !local.tls
    acm_certificate_arn            = local.tls ? aws_acm_certificate_validation.site[0].certificate_arn : null
    ssl_support_method             = local.tls ? "sni-only" : null
    minimum_protocol_version       = local.tls ? "TLSv1.2_2021" : null
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}
