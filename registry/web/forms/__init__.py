"""The portal's forms: shape only. They hand plain values to one service and save nothing."""
