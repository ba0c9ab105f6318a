# Where CloudFront and the bucket write down who asked for what.

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_145:Access logs of S3 can only go to buckets with AWS's own key
  #checkov:skip=CKV_AWS_18:The bucket of access logs has none of its own
  #checkov:skip=CKV_AWS_144:Logs that go after weeks need no copy in another region
  #checkov:skip=CKV2_AWS_62:Nobody waits for a log file
  bucket        = "${var.name}-site-logs-${local.account}-${local.region}"
  force_destroy = var.deletable
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  rule {
    id     = "forget"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_days
    }
    noncurrent_version_expiration {
      noncurrent_days = 1
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "CloudFrontWrites"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/AWSLogs/${local.account}/CloudFront/*"
        Condition = {
          StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control", "aws:SourceAccount" = local.account }
          ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.this.partition}:logs:us-east-1:${local.account}:delivery-source:${var.name}-site" }
        }
      },
      {
        Sid       = "BucketWrites"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/site/*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account }
          ArnLike      = { "aws:SourceArn" = aws_s3_bucket.site.arn }
        }
      },
      {
        Sid       = "OnlyByTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.logs]
}

# CloudFront's logs are delivered from us-east-1, wherever the bucket is. They hold neither cookies nor query strings.
resource "aws_cloudwatch_log_delivery_source" "distribution" {
  region       = "us-east-1"
  name         = "${var.name}-site"
  log_type     = "ACCESS_LOGS"
  resource_arn = aws_cloudfront_distribution.this.arn
}

resource "aws_cloudwatch_log_delivery_destination" "logs" {
  region        = "us-east-1"
  name          = "${var.name}-site"
  output_format = "json"

  delivery_destination_configuration {
    destination_resource_arn = aws_s3_bucket.logs.arn
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_cloudwatch_log_delivery" "distribution" {
  region                   = "us-east-1"
  delivery_source_name     = aws_cloudwatch_log_delivery_source.distribution.name
  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.logs.arn
  record_fields = [
    "timestamp", "c-ip", "x-edge-location", "cs-method", "cs-uri-stem", "sc-status", "sc-bytes", "time-taken",
    "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol-version", "ssl-protocol", "cs(User-Agent)",
  ]
}
