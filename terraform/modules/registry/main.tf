# One repository for each image. A tag is a commit and never moves; what runs is named by digest.

resource "aws_ecr_repository" "this" {
  #checkov:skip=CKV_AWS_136:Images hold no secrets and are encrypted with a key of S3; a key of our own would buy nothing but its price
  for_each = toset(var.repositories)

  name                 = each.key
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.deletable

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

# Signatures and lists of contents (sha256-….sig, .att, .sbom) are tagged too and count as images: each release has up to
# four tags, hence the factor.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "What lost its tag"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = var.untagged_days
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "All but the latest releases"
        selection = {
          tagStatus   = "any"
          countType   = "imageCountMoreThan"
          countNumber = var.kept_images * 4
        }
        action = { type = "expire" }
      },
    ]
  })
}

# Where production has an account of its own, it runs the very digests that were tested here.
resource "aws_ecr_repository_policy" "this" {
  for_each = length(var.pull_accounts) > 0 ? aws_ecr_repository.this : {}

  repository = each.value.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Pull"
      Effect    = "Allow"
      Principal = { AWS = [for account in var.pull_accounts : "arn:${data.aws_partition.current.partition}:iam::${account}:root"] }
      Action    = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    }]
  })
}

data "aws_partition" "current" {}
