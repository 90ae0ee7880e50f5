//go:build !unix

package app

// occupancy would keep a state folder to one serving process; there is no flock(2) here.
type occupancy struct{}

func occupy(string) (occupancy, error) { return occupancy{}, nil }

// Close lets go of the folder.
func (occupancy) Close() error { return nil }
