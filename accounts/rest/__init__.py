"""What every endpoint of the programming interface is made of: fields, parser, problems, base."""
