terraform {
  required_version = "~> 1.10"
  backend "s3" {
    bucket       = "network-state"
    key          = "production.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-central-1"
}

module "network" {
  source = "../../modules/network"
  name   = "production"
  cidr   = "10.20.0.0/16"
  zones  = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

module "database" {
  source      = "../../modules/database"
  name        = "production"
  subnets     = module.network.subnets
  size        = "db.m7g.large"
  production  = true
  alarm_topic = "arn:aws:sns:eu-central-1:111122223333:on-call"
}
