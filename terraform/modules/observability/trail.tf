# Who did what in the account, and who read or wrote which object.

locals {
  # By name, since the key's policy comes before the trail.
  trail_arn        = "${local.arn}:cloudtrail:${var.region}:${local.account}:trail/${var.name}"
  trail_bucket     = "${var.name}-trail-${local.account}-${var.region}"
  trail_bucket_arn = "${local.arn}:s3:::${local.trail_bucket}"
}

resource "aws_s3_bucket" "trail" {
  #checkov:skip=CKV_AWS_18:The log of a log: who reads it stands in the trail itself
  #checkov:skip=CKV_AWS_144:A copy in another region is the organisation's trail's business
  #checkov:skip=CKV2_AWS_62:Nobody waits for its files
  count = var.trail ? 1 : 0

  bucket        = local.trail_bucket
  force_destroy = var.deletable
}

resource "aws_s3_bucket_public_access_block" "trail" {
  count = var.trail ? 1 : 0

  bucket                  = aws_s3_bucket.trail[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "trail" {
  count = var.trail ? 1 : 0

  bucket = aws_s3_bucket.trail[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "trail" {
  count = var.trail ? 1 : 0

  bucket = aws_s3_bucket.trail[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "trail" {
  count = var.trail ? 1 : 0

  bucket = aws_s3_bucket.trail[0].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "trail" {
  count = var.trail ? 1 : 0

  bucket = aws_s3_bucket.trail[0].id

  rule {
    id     = "old"
    status = "Enabled"

    filter {}

    expiration {
      days = var.trail_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # Rules for earlier versions need versions.
  depends_on = [aws_s3_bucket_versioning.trail]
}

resource "aws_s3_bucket_policy" "trail" {
  count = var.trail ? 1 : 0

  bucket = aws_s3_bucket.trail[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Look"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = local.trail_bucket_arn
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
      },
      {
        Sid       = "Write"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.trail_bucket_arn}/AWSLogs/${local.account}/*"
        Condition = { StringEquals = {
          "aws:SourceArn" = local.trail_arn
          "s3:x-amz-acl"  = "bucket-owner-full-control"
        } }
      },
      {
        Sid       = "OnlyEncrypted"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.trail_bucket_arn, "${local.trail_bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.trail]
}

resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV2_AWS_10:The trail is read when somebody asks; no alarm hangs on it, and CloudWatch would cost as much again
  #checkov:skip=CKV_AWS_252:A mail for every file, twelve an hour, would be read by nobody
  count = var.trail ? 1 : 0

  name                          = var.name
  s3_bucket_name                = aws_s3_bucket.trail[0].id
  kms_key_id                    = aws_kms_key.this.arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  advanced_event_selector {
    name = "What was done in the account"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "Objects"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    # Without the trail's own bucket: each of its files would make a line in the next.
    field_selector {
      field           = "resources.ARN"
      starts_with     = length(var.trail_bucket_arns) > 0 ? [for bucket in var.trail_bucket_arns : "${bucket}/"] : null
      not_starts_with = length(var.trail_bucket_arns) > 0 ? null : ["${local.trail_bucket_arn}/"]
    }
  }

  depends_on = [aws_s3_bucket_policy.trail, aws_kms_key_policy.this]
}
