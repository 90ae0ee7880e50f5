// Package reveal is the screen that shows one contact value in full: it asks why, has that recorded, and shows the value until a key or for
// half a minute.
//
// It never shows a value that the desk has not recorded first, and it keeps none that is hidden.
package reveal
